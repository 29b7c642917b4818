/** What happens when a reply arrives: it is announced, brought into view, and takes the focus unless one is typing. */
import { useEffect, useRef, type RefObject } from "react";

/** A question that takes more than this of what the talk has of the window hides its answer. */
const MOST_OF_VIEW = 1 / 3;

/**
 * Mind the reply with the id `answered`. The returned ref belongs on its element; `question` is what is brought to the
 * top of the view with it, unless it is long.
 */
export function useArrival(
  answered: string | null,
  question: RefObject<HTMLElement | null>,
  input: RefObject<HTMLTextAreaElement | null>,
): RefObject<HTMLElement | null> {
  const answer = useRef<HTMLElement>(null);
  useEffect(() => {
    if (answered === null) return;
    const view = question.current?.closest("main")?.clientHeight ?? window.innerHeight;
    const long = (question.current?.offsetHeight ?? 0) > view * MOST_OF_VIEW;
    (long ? answer : question).current?.scrollIntoView({ block: "start" });
    // A frame that takes the focus takes it from the page around it, too.
    if (document.hasFocus() && !typing(input.current)) answer.current?.focus({ preventScroll: true });
  }, [answered, input, question]);
  return answer;
}

function typing(input: HTMLTextAreaElement | null): boolean {
  return input !== null && document.activeElement === input && input.value.trim() !== "";
}
