"""What providers tell by themselves, in webhooks. A signal is a hint: the network is asked before it is believed."""

from dataclasses import dataclass

from postline.core.words import NetworkKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSignal:
    """Something became of a post. `handle`: an id that its delivery's checkpoint or receipt holds.

    `profile_remote_id`: the profile's id on the network. `post_id`: the id of the live post, where the signal names it.
    """

    network: NetworkKey
    profile_remote_id: str
    handle: str
    post_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessSignal:
    """A person changed what we may do. `subject_id`: of the grant. `is_over`: they took all access away."""

    subject_id: str
    is_over: bool


Signal = PostSignal | AccessSignal
