/** The whole chat. */
import { ConfigProvider, useColorScheme } from "@chatui/core";
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Conversation } from "../conversation/conversation";
import type { Store } from "../conversation/store";
import type { Dictation } from "./dictation";
import { useElderMode } from "./elder";
import type { Host } from "./host";
import { useOnline } from "./online";
import type { Options } from "./options";
import { Announcer } from "./parts/Announcer";
import { Composer } from "./parts/Composer";
import { Header } from "./parts/Header";
import { Talk } from "./parts/Talk";
import type { Speaker } from "./speaker";

interface Props {
  readonly conversation: Conversation;
  readonly options: Options;
  readonly store: Store;
  readonly host: Host;
  readonly speaker: Speaker;
  readonly dictation: Dictation;
}

export function Chat({ conversation, options, store, host, speaker, dictation }: Props) {
  const seen = useSyncExternalStore(conversation.subscribe, conversation.current);
  const scheme = useColorScheme("auto");
  const [elder, toggleElder] = useElderMode(store, options.elder);
  const online = useOnline();
  const input = useRef<HTMLTextAreaElement>(null);
  useHost(host, input, speaker);
  useEffect(() => {
    if (seen.answered !== null) host.answered();
  }, [seen.answered, host]);
  const newest = seen.turns.find((turn) => turn.id === seen.answered);
  return (
    <ConfigProvider locale="zh-CN" colorScheme={scheme} elderMode={elder}>
      <div className="ChatApp" data-elder-mode={elder}>
        <Header title={options.title} elder={elder} onElder={toggleElder} onClose={host.present ? () => host.close() : null} />
        <Talk {...{ conversation, seen, place: options.place, online, forgetful: host.present && !store.lasts, speaker, input }} />
        <footer className="ChatFooter">
          <Composer inputRef={input} dictation={dictation} onAsk={(question) => void conversation.ask(question)} />
        </footer>
        <Announcer reply={newest?.reply ?? null} searching={online && seen.waiting[0]?.state === "asking"} />
      </div>
    </ConfigProvider>
  );
}

/** Escape closes us; whoever opens us can type at once; a window that is closed falls silent. */
function useHost(host: Host, input: React.RefObject<HTMLTextAreaElement | null>, speaker: Speaker): void {
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.isComposing) host.close();
    };
    document.addEventListener("keydown", leave);
    const stops = [host.on("opened", () => input.current?.focus()), host.on("closed", () => speaker.stop())];
    host.ready();
    return () => {
      document.removeEventListener("keydown", leave);
      for (const stop of stops) stop();
    };
  }, [host, input, speaker]);
}
