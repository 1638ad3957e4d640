import { Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { useSignIn } from "@/api/session";
import { ErrorNote } from "@/ui/ErrorNote";
import { Logo } from "@/ui/Logo";
import { WeekLine } from "@/pages/signin/WeekLine";
import classes from "@/pages/signin/SignIn.module.css";

export function SignInPage() {
  useDocumentTitle("Sign in · Postline");
  const signIn = useSignIn();
  const form = useForm({
    initialValues: { email: "", password: "" },
    validate: {
      email: (value) => (value.includes("@") ? null : "Enter the e-mail address you were invited with."),
      password: (value) => (value ? null : "Enter your password."),
    },
  });
  return (
    <main className={classes.page}>
      <section className={classes.panel}>
        <form onSubmit={form.onSubmit((values) => signIn.run(values))} className={classes.form} noValidate>
          <Stack gap="md">
            <Logo size={46} />
            <div>
              <Title order={1}>Welcome back</Title>
              <Text className="soft">Sign in to plan, approve and publish.</Text>
            </div>
            {signIn.error && <ErrorNote error={signIn.error} />}
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              size="md"
              autoFocus
              data-testid="email"
              {...form.getInputProps("email")}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              size="md"
              data-testid="password"
              {...form.getInputProps("password")}
            />
            <Button type="submit" size="md" loading={signIn.isRunning} data-testid="sign-in">
              Sign in
            </Button>
          </Stack>
        </form>
      </section>
      <aside className={classes.picture} aria-hidden="true">
        <WeekLine />
        <p className={classes.slogan}>Every post, on its line, on time, once.</p>
      </aside>
    </main>
  );
}
