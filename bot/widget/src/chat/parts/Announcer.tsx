/** Says to a screen reader what happens: that the search is on, then the whole answer; once, and then it is gone. */
import { useEffect, useState } from "react";
import type { Reply } from "../../wire/contract";
import { SEARCHING } from "../wording";

/** Long enough for a screen reader to take it up; who reads on afterwards finds the words only where they stand. */
const SPOKEN_MS = 5000;

export function Announcer({ reply, searching }: { readonly reply: Reply | null; readonly searching: boolean }) {
  const [said, setSaid] = useState<Reply | null>(null);
  useEffect(() => {
    if (!reply) return;
    const timer = setTimeout(() => setSaid(reply), SPOKEN_MS);
    return () => clearTimeout(timer);
  }, [reply]);
  const urgent = reply?.kind === "emergency";
  const words = searching ? SEARCHING : reply === said ? "" : (reply?.text ?? "");
  return (
    <div className="Unseen">
      <div data-announcer="polite" aria-live="polite" aria-atomic="true">
        {urgent && !searching ? "" : words}
      </div>
      <div data-announcer="urgent" aria-live="assertive" aria-atomic="true">
        {urgent && !searching ? words : ""}
      </div>
    </div>
  );
}
