import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLocation } from "wouter";
import { useAccountScope } from "@/api/account";
import { useAction } from "@/api/action";
import { siblingKey } from "@/api/http";
import { usePostRequests } from "@/api/posts";
import type { Post, PostIn } from "@/api/types";

/** What follows after the post is stored. */
export type Ending = "save" | "submit" | "schedule" | "publish";

const DONE: Record<Ending, string> = {
  save: "Saved.",
  submit: "Sent for approval.",
  schedule: "Scheduled. It goes out by itself.",
  publish: "On its way.",
};

/** Stores the post, then sends it on its way. A refusal of the second leaves the first done. */
export function useSave(post: Post | null) {
  const requests = usePostRequests();
  const { key: cacheKey } = useAccountScope();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const stored = useRef(post);
  const isNew = post === null;

  const store = async (postIn: PostIn, key: string): Promise<Post> => {
    const before = stored.current;
    const after = before
      ? await requests.change(before.id, before.version, postIn)
      : await requests.create(postIn, key);
    stored.current = after;
    return after;
  };
  const send = (saved: Post, ending: Ending, key: string): Promise<Post> | Post => {
    switch (ending) {
      case "save":
        return saved;
      case "submit":
        return requests.act(saved.id, "submit", {}, key);
      case "schedule":
        return requests.schedule(saved.id, {}, key);
      case "publish":
        return requests.schedule(saved.id, { now: true }, key);
    }
  };

  return useAction({
    run: async ({ ending, postIn }: { ending: Ending; postIn: PostIn }, key) => {
      const sent = await send(await store(postIn, key), ending, siblingKey(key));
      stored.current = sent;
      return { post: sent, ending };
    },
    done: ({ ending }) => DONE[ending],
    onDone: ({ post: saved, ending }) => {
      client.setQueryData(cacheKey("posts", saved.id), saved);
      if (ending !== "save") navigate(`/posts/${saved.id}`);
      else if (isNew) navigate(`/compose/${saved.id}`, { replace: true });
    },
    onRefused: () => undefined,
  });
}
