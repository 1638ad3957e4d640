import { ApiError, GUARD_HEADER, apiUrl, parse, unreachable } from "@/api/http";
import type { Asset } from "@/api/types";

/** Sends a file's bytes as they are. XMLHttpRequest, because fetch tells nothing about an upload's progress. */
export function uploadAsset(
  path: string,
  file: File,
  key: string,
  onProgress: (share: number) => void,
): { asset: Promise<Asset>; abort: () => void } {
  const request = new XMLHttpRequest();
  const asset = new Promise<Asset>((resolve, reject) => {
    request.open("POST", apiUrl(path, { name: file.name }));
    request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Idempotency-Key", key);
    for (const [name, value] of Object.entries(GUARD_HEADER)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status < 300) resolve(answer as Asset);
      else reject(new ApiError(request.status, answer as Record<string, string>));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    request.send(file);
  });
  return { asset, abort: () => request.abort() };
}
