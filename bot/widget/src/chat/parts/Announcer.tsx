/** Says to a screen reader what happens: that the search is on, then the whole answer. */
import type { Reply } from "../../wire/contract";
import { SEARCHING } from "../wording";

export function Announcer({ reply, searching }: { readonly reply: Reply | null; readonly searching: boolean }) {
  const urgent = reply?.kind === "emergency";
  const words = searching ? SEARCHING : (reply?.text ?? "");
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
