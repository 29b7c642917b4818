/** What one can do with an answer: hear it, copy it, say whether it helped. */
import { Button } from "@chatui/core";
import { useState, useSyncExternalStore } from "react";
import type { Turn } from "../../wire/contract";
import { copy } from "../clipboard";
import type { Speaker } from "../speaker";
import { copied, spoken } from "../wording";
import { CopyIcon, SpeakerIcon, StopIcon } from "./icons";
import { Judgement, type Judge } from "./Judgement";

const COPY = "复制";

interface Props {
  readonly turn: Turn;
  readonly speaker: Speaker;
  /** None: the channel no longer knows this conversation. */
  readonly onJudge: Judge | null;
}

export function Actions({ turn, speaker, onJudge }: Props) {
  return (
    <div className="Actions">
      <div className="Actions-row">
        {speaker.able && <Reading turn={turn} speaker={speaker} />}
        <Copying turn={turn} />
        {canShare() && turn.reply.quotes.length > 0 && <Sharing turn={turn} />}
      </div>
      {onJudge && turn.reply.kind !== "chat" && <Judgement helpful={turn.helpful} onJudge={onJudge} />}
    </div>
  );
}

function Reading({ turn, speaker }: { readonly turn: Turn; readonly speaker: Speaker }) {
  const reading = useSyncExternalStore(speaker.subscribe, speaker.current) === turn.id;
  const silent = useSyncExternalStore(speaker.subscribe, speaker.silent) === turn.id;
  return (
    <>
      <Button className="Action" aria-pressed={reading} onClick={() => speaker.toggle(turn.id, spoken(turn.reply))}>
        {reading ? <StopIcon /> : <SpeakerIcon />}
        {reading ? "停止朗读" : "朗读"}
      </Button>
      <span className="Actions-says" role="status">
        {silent && "这台设备没有能读中文的声音，读不出来。"}
      </span>
    </>
  );
}

/** The point and its source, to whomever one likes, by the device's own means. */
function Sharing({ turn }: { readonly turn: Turn }) {
  const share = async () => {
    try {
      await navigator.share({ text: copied(turn.reply, location.href) });
    } catch {
      // turned back, or not allowed in this frame: what one can always do is copy it
    }
  };
  return (
    <Button className="Action" onClick={() => void share()}>
      转发
    </Button>
  );
}

function canShare(): boolean {
  return typeof navigator.share === "function";
}

function Copying({ turn }: { readonly turn: Turn }) {
  const [says, setSays] = useState(COPY);
  const take = async () => setSays((await copy(copied(turn.reply, location.href))) ? "已复制" : "没能复制");
  return (
    <>
      <Button className="Action" onClick={() => void take()} onBlur={() => setSays(COPY)}>
        <CopyIcon />
        {says}
      </Button>
      <span className="Unseen" role="status">
        {says === COPY ? "" : says}
      </span>
    </>
  );
}
