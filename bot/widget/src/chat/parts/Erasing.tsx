/** 删除本次对话: from the server and from this device, which somebody else may use next. */
import { Button } from "@chatui/core";
import { useEffect, useRef, useState, type RefObject } from "react";
import type { Conversation } from "../../conversation/conversation";

/** `sure`: asks back, because it cannot be undone. */
type Step = "offered" | "sure" | "under way" | "failed" | "done";

interface Erasure {
  readonly step: Step;
  readonly onStep: (step: Step) => void;
  readonly onErase: () => void;
}

export function useErasing(conversation: Conversation, input: RefObject<HTMLTextAreaElement | null>): Erasure {
  const [step, setStep] = useState<Step>("offered");
  const erase = async () => {
    setStep("under way");
    const erased = await conversation.erase();
    setStep(erased ? "done" : "failed");
    if (erased) input.current?.focus();
  };
  return { step, onStep: setStep, onErase: () => void erase() };
}

/** Nothing is offered while the conversation is not `quiet`: but whoever has begun sees how it ends. */
export function Erasing({ step, onStep, onErase, quiet }: Erasure & { readonly quiet: boolean }) {
  const box = useFollowed(step);
  if (step === "offered" || step === "done")
    return quiet ? (
      <div className="Erasing" ref={box}>
        <Button className="Action" onClick={() => onStep("sure")}>
          删除本次对话
        </Button>
      </div>
    ) : null;
  return (
    <div className="Erasing" role="group" aria-label="删除本次对话" ref={box} tabIndex={-1}>
      <p role="status">{SAID[step]}</p>
      <div className="Actions-row">
        <Button className="Action" disabled={step === "under way"} onClick={onErase}>
          {step === "failed" ? "再试一次" : "确定删除"}
        </Button>
        <Button className="Action" disabled={step === "under way"} onClick={() => onStep("offered")}>
          不删除
        </Button>
      </div>
    </div>
  );
}

/** The focus stays with the step: the button it was on is gone, or can no longer be pressed. */
function useFollowed(step: Step): RefObject<HTMLDivElement | null> {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step && step !== "done") {
      const button = step === "offered" ? box.current?.querySelector("button") : null;
      (button ?? box.current)?.focus();
    }
    before.current = step;
  }, [step]);
  return box;
}

const SAID = {
  sure: "删除以后，您问过的话和得到的回答都从服务器和这台设备上清除，不能恢复。",
  "under way": "正在删除……",
  failed: "暂时没能删除，对话还在。请稍后再试。",
};
