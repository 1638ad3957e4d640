import { useEffect, useRef } from "react";
import { uploadAsset } from "@/api/assets";
import { useAccountScope } from "@/api/account";
import { newKey, sentence } from "@/api/http";
import type { DraftMedia } from "@/pages/compose/draft";

type Update = (update: (media: DraftMedia[]) => DraftMedia[]) => void;

/** Sends files one after the other's start, all at once; each one's progress lands in the draft. */
export function useUploads(update: Update) {
  const { path } = useAccountScope();
  const running = useRef(new Map<string, () => void>());

  useEffect(() => {
    const uploads = running.current;
    return () => uploads.forEach((abort) => abort());
  }, []);

  const patch = (key: string, part: Partial<DraftMedia>) =>
    update((media) => media.map((item) => (item.key === key ? { ...item, ...part } : item)));

  const send = async (file: File, key: string) => {
    const upload = uploadAsset(path("/assets"), file, key, (progress) => patch(key, { progress }));
    running.current.set(key, upload.abort);
    try {
      patch(key, { asset: await upload.asset, progress: 1 });
    } catch (error) {
      if (!(error instanceof DOMException)) patch(key, { error: sentence(error) });
    } finally {
      running.current.delete(key);
    }
  };

  const add = (files: File[]) => {
    const items = files.map((file) => ({ file, key: newKey() }));
    update((media) => [
      ...media,
      ...items.map(({ file, key }) => ({
        key,
        name: file.name,
        asset: null,
        altText: "",
        cover: null,
        progress: 0,
        error: null,
      })),
    ]);
    for (const { file, key } of items) void send(file, key);
  };

  /** An image for a video that is there already; its own progress is not shown, covers are small. */
  const setCover = async (key: string, file: File) => {
    patch(key, { error: null });
    try {
      patch(key, { cover: await uploadAsset(path("/assets"), file, newKey(), () => undefined).asset });
    } catch (error) {
      patch(key, { error: sentence(error) });
    }
  };

  const remove = (key: string) => {
    running.current.get(key)?.();
    update((media) => media.filter((item) => item.key !== key));
  };

  return { add, remove, patch, setCover };
}
