/** Our own few icons, drawn by the page: none is fetched. All are decoration; words beside them say what they mean. */
import type { ReactNode } from "react";

function Drawing({ children }: { readonly children: ReactNode }) {
  return (
    <svg className="Drawing" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

export const PhoneIcon = () => (
  <Drawing>
    <path d="M6.6 3H4.5A1.5 1.5 0 0 0 3 4.6C3.4 13.3 10.7 20.6 19.4 21a1.5 1.5 0 0 0 1.6-1.5v-2.8a1.5 1.5 0 0 0-1.2-1.5l-3.2-.7a1.5 1.5 0 0 0-1.5.5l-1.1 1.4a13 13 0 0 1-5.4-5.4L10 7.9a1.5 1.5 0 0 0 .5-1.5l-.7-3.2A1.5 1.5 0 0 0 8.3 2z" />
  </Drawing>
);
export const OpenIcon = () => (
  <Drawing>
    <path d="M9 5l7 7-7 7" />
  </Drawing>
);
export const CloseIcon = () => (
  <Drawing>
    <path d="M5 5l14 14M19 5L5 19" />
  </Drawing>
);
export const MicrophoneIcon = () => (
  <Drawing>
    <path d="M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6" />
  </Drawing>
);
export const SpeakerIcon = () => (
  <Drawing>
    <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11" />
  </Drawing>
);
export const StopIcon = () => (
  <Drawing>
    <path d="M6.5 6.5h11v11h-11z" />
  </Drawing>
);
export const CopyIcon = () => (
  <Drawing>
    <path d="M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4" />
  </Drawing>
);
export const HelpfulIcon = () => (
  <Drawing>
    <path d="M7 10.5v9.5H4v-9.5zM7 10.5l4-7c1.7 0 2.5 1.2 2.2 2.7L12.5 9.5H18a2 2 0 0 1 2 2.4l-1.2 6.5a2 2 0 0 1-2 1.6H7" />
  </Drawing>
);
export const UnhelpfulIcon = () => (
  <Drawing>
    <path d="M7 13.5V4H4v9.5zM7 13.5l4 7c1.7 0 2.5-1.2 2.2-2.7l-.7-3.3H18a2 2 0 0 0 2-2.4l-1.2-6.5A2 2 0 0 0 16.8 4H7" />
  </Drawing>
);
export const DocumentIcon = () => (
  <Drawing>
    <path d="M6 3h8.5L19 7.5V21H6zM14 3v5h5M9 12.5h7M9 16.5h7" />
  </Drawing>
);
