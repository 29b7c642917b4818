/** What stands behind a tap: a button that says whether it is open, and what it opens right after it. */
import { useId, useState, type ReactNode } from "react";
import { OpenIcon } from "./icons";

export function Disclosure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="Disclosure">
      <button type="button" className="Disclosure-button" aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <OpenIcon />
        <span>{label}</span>
      </button>
      <div id={id} hidden={!open}>
        {children}
      </div>
    </div>
  );
}
