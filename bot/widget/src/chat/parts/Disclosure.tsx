/** What stands behind a tap: a button that says whether it is open, and what it opens right after it. */
import { useId, useState, type ReactNode } from "react";
import { OpenIcon } from "./icons";

export function Disclosure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="Disclosure">
      <Opener label={label} open={open} opens={id} onPress={() => setOpen(!open)} />
      <div id={id} hidden={!open}>
        {children}
      </div>
    </div>
  );
}

interface OpenerProps {
  readonly label: string;
  readonly open: boolean;
  /** The id of what it opens. */
  readonly opens: string;
  readonly onPress: () => void;
}

export function Opener({ label, open, opens, onPress }: OpenerProps) {
  return (
    <button type="button" className="Disclosure-button" aria-expanded={open} aria-controls={opens} onClick={onPress}>
      <OpenIcon />
      <span>{label}</span>
    </button>
  );
}
