import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { newKey, sentence } from "@/api/http";

interface ActionSettings<In, Out> {
  /** Does the work. `key` stays the same when the action is sent again. */
  run: (input: In, key: string) => Promise<Out>;
  /** Said when it went well. */
  done?: string | ((out: Out) => string);
  onDone?: (out: Out, input: In) => void;
  /** Takes the place of the notification with the server's sentence. */
  onRefused?: (error: Error, input: In) => void;
}

interface Action<In, Out> {
  run: (input: In) => void;
  isRunning: boolean;
  error: Error | null;
  /** The input that is being worked on. */
  input: In | undefined;
  result: Out | undefined;
  reset: () => void;
}

/** One thing a person can do. Errors are shown in the server's words; everything on screen is read anew after it. */
export function useAction<Out, In = void>(settings: ActionSettings<In, Out>): Action<In, Out> {
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: ({ input, key }: { input: In; key: string }) => settings.run(input, key),
    onSuccess: (out, { input }) => {
      const message = typeof settings.done === "function" ? settings.done(out) : settings.done;
      if (message) notifications.show({ message, color: "pine" });
      settings.onDone?.(out, input);
    },
    onError: (error, { input }) => {
      if (settings.onRefused) settings.onRefused(error, input);
      else notifications.show({ title: "That did not work", message: sentence(error), color: "red", autoClose: 9000 });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["account"] }),
  });
  const { mutate, reset, isPending, error, variables, data } = mutation;
  return useMemo(
    () => ({
      run: (input: In) => mutate({ input, key: newKey() }),
      isRunning: isPending,
      error,
      input: variables?.input,
      result: data,
      reset,
    }),
    [mutate, reset, isPending, error, variables, data],
  );
}
