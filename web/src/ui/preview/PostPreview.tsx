import { Avatar } from "@mantine/core";
import {
  IconBookmark,
  IconDots,
  IconHeart,
  IconHeartFilled,
  IconMessageCircle,
  IconMessageCircleFilled,
  IconMusic,
  IconSend,
  IconShare3,
  IconThumbUp,
} from "@tabler/icons-react";
import { NetworkGlyph } from "@/ui/NetworkGlyph";
import type { PreviewContent } from "@/ui/preview/content";
import { PreviewMedia } from "@/ui/preview/PreviewMedia";
import classes from "@/ui/preview/Preview.module.css";

const HASHTAG_OR_MENTION = /([#@][\p{L}\p{N}_.]+)/gu;

function Caption({ text }: { text: string }) {
  return <>{text.split(HASHTAG_OR_MENTION).map((part, place) => (place % 2 ? <b key={place}>{part}</b> : part))}</>;
}

/** Clips and stories: the whole screen, words on top of it. */
function Screen({ profile, format, caption, media }: PreviewContent) {
  const handle = profile.handle?.replace(/^@/, "") ?? profile.name;
  const isStory = format === "story";
  return (
    <div className={classes.screen}>
      <PreviewMedia media={media} ratio={9 / 16} fit="contain" />
      {isStory && <div className={classes.storyLine} />}
      <div className={isStory ? classes.storyHead : classes.screenFoot}>
        <div className={classes.screenName}>
          <Avatar src={profile.avatar_url} name={profile.name} color="initials" size={26} alt="" />
          {handle}
        </div>
        {!isStory && (
          <p>
            <Caption text={caption} />
          </p>
        )}
        {profile.network === "tiktok" && (
          <span className={classes.sound}>
            <IconMusic size={12} aria-hidden /> original sound – {handle}
          </span>
        )}
      </div>
      {!isStory && (
        <div className={classes.screenSide} aria-hidden="true">
          <IconHeartFilled size={24} />
          <IconMessageCircleFilled size={24} />
          <IconShare3 size={24} />
        </div>
      )}
    </div>
  );
}

/** A feed shows the first item's shape, within bounds. */
function feedRatio(media: PreviewContent["media"]): number {
  const first = media[0]?.asset;
  return first && first.height > 0 ? Math.min(1.91, Math.max(0.75, first.width / first.height)) : 1;
}

function Card({ profile, caption, media }: PreviewContent) {
  const isInstagram = profile.network === "instagram";
  const words = caption && (
    <p className={classes.caption}>
      {isInstagram && <strong>{profile.handle?.replace(/^@/, "") ?? profile.name} </strong>}
      <Caption text={caption} />
    </p>
  );
  return (
    <div className={classes.card}>
      <header className={classes.head}>
        <Avatar src={profile.avatar_url} name={profile.name} color="initials" size={34} alt="" />
        <div className={classes.who}>
          <strong>{isInstagram ? (profile.handle?.replace(/^@/, "") ?? profile.name) : profile.name}</strong>
          <small className="soft">
            {isInstagram ? "" : "Just now · "}
            <NetworkGlyph network={profile.network} size={12} />
          </small>
        </div>
        <IconDots size={18} className="soft" aria-hidden />
      </header>
      {!isInstagram && words}
      {(media.length > 0 || isInstagram) && <PreviewMedia media={media} ratio={feedRatio(media)} fit="cover" />}
      <footer className={classes.foot} aria-hidden="true">
        {isInstagram ? (
          <>
            <IconHeart size={22} stroke={1.6} />
            <IconMessageCircle size={22} stroke={1.6} />
            <IconSend size={22} stroke={1.6} />
            <IconBookmark size={22} stroke={1.6} />
          </>
        ) : (
          <>
            <span>
              <IconThumbUp size={18} stroke={1.6} /> Like
            </span>
            <span>
              <IconMessageCircle size={18} stroke={1.6} /> Comment
            </span>
            <span>
              <IconShare3 size={18} stroke={1.6} /> Share
            </span>
          </>
        )}
      </footer>
      {isInstagram && words}
    </div>
  );
}

/** About how it will look; each network draws its own frame in the end. */
export function PostPreview({ content }: { content: PreviewContent }) {
  const isScreen = content.format !== "feed" || content.profile.network === "tiktok";
  return (
    <div data-testid="preview" data-network={content.profile.network}>
      {isScreen ? <Screen {...content} /> : <Card {...content} />}
    </div>
  );
}
