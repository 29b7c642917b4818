/** What is always in sight: what this is, the hotlines, larger letters, the way out. */
import { Button } from "@chatui/core";
import { CloseIcon } from "./icons";
import { Hotlines } from "./Hotlines";

interface Props {
  readonly title: string;
  readonly elder: boolean;
  readonly onElder: () => void;
  /** None: there is no page around us to go back to. */
  readonly onClose: (() => void) | null;
}

export function Header({ title, elder, onElder, onClose }: Props) {
  return (
    <header className="Header">
      <div className="Navbar Navbar--left">
        <div className="Navbar-main">
          <div className="Navbar-inner">
            <h1 className="Navbar-title">{title}</h1>
            <p className="Navbar-desc">自动回答 · 只引用已公布的通报</p>
          </div>
        </div>
        <div className="Navbar-right">
          <Button className="Header-button" aria-pressed={elder} onClick={onElder}>
            大字版
          </Button>
          {onClose && (
            <Button className="Header-button Header-close" aria-label="关闭对话窗口" onClick={onClose}>
              <CloseIcon />
            </Button>
          )}
        </div>
      </div>
      <div className="Help" role="region" aria-label="求助电话">
        <span className="Help-words">
          正在
          <wbr />
          被骗？
        </span>
        <Hotlines numbers={["110", "96110"]} size="short" />
      </div>
    </header>
  );
}
