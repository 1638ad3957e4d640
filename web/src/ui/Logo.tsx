/** The mark: a line, and a post on it. */
export function Logo({ size = 30, className }: { size?: number; className?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className={className}>
      <rect width="32" height="32" rx="9" fill="#175c4c" />
      <path d="M5.5 22.5c9.5 0 7-11.5 14-11.5" fill="none" stroke="#fff" strokeWidth="2.8" strokeLinecap="round" />
      <circle cx="22.4" cy="11" r="4.3" fill="#f08a5d" />
    </svg>
  );
}
