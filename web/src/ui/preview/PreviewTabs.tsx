import { UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { ProfileFace } from "@/ui/NetworkGlyph";
import type { PreviewContent } from "@/ui/preview/content";
import { PostPreview } from "@/ui/preview/PostPreview";
import classes from "@/ui/preview/Preview.module.css";
import { NETWORK_NAMES } from "@/ui/words";

/** The preview of each profile, one at a time. */
export function PreviewTabs({ contents }: { contents: PreviewContent[] }) {
  const [wanted, setWanted] = useState("");
  const shown = contents.find(({ profile }) => profile.id === wanted) ?? contents[0];
  if (!shown) return null;
  return (
    <>
      {contents.length > 1 && (
        <div className={classes.tabs} role="tablist" aria-label="Preview for">
          {contents.map(({ profile }) => (
            <UnstyledButton
              key={profile.id}
              role="tab"
              aria-selected={profile === shown.profile}
              aria-label={`${profile.name} on ${NETWORK_NAMES[profile.network]}`}
              className={classes.tab}
              onClick={() => setWanted(profile.id)}
            >
              <ProfileFace profile={profile} size={30} />
            </UnstyledButton>
          ))}
        </div>
      )}
      <PostPreview key={shown.profile.id} content={shown} />
    </>
  );
}
