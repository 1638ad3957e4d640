"""Letters to administrators through the operator's mail server."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from postline.notices.service import Letter

TIME_OUT_S: Final = 20
PORTS: Final = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mailer:
    """`url`: smtp://user:password@host:587 (STARTTLS where offered) or smtps://… (TLS from the start)."""

    url: str
    sender: str
    public_url: str

    def __repr__(self) -> str:
        return f"Mailer(sender={self.sender!r})"

    def send(self, letter: Letter) -> None:
        """Blocks; call it in a thread. Raises OSError or smtplib.SMTPException."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, letter.to, letter.subject
        message.set_content(f"{letter.message}\n\n{self.public_url}{letter.path}\n")
        with self._connect() as server:
            server.send_message(message)

    def _connect(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "localhost", parts.port or PORTS[parts.scheme]
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=TIME_OUT_S, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=TIME_OUT_S)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server
