import { Button, type ButtonProps } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";

interface ButtonLinkProps extends ButtonProps {
  href: string;
  children: ReactNode;
  "data-testid"?: string;
}

/** A link within the app that looks like a button. */
export function ButtonLink({ href, ...props }: ButtonLinkProps) {
  return <Button component={Link} href={href} {...props} />;
}
