const POSTS = [
  { x: 40, y: 236, day: "Mon" },
  { x: 130, y: 196, day: "Tue" },
  { x: 220, y: 214, day: "Wed" },
  { x: 310, y: 128, day: "Thu" },
  { x: 400, y: 150, day: "Fri" },
  { x: 490, y: 70, day: "Sat" },
];
const path = POSTS.map(({ x, y }, place) => {
  const before = POSTS[place - 1];
  if (!before) return `M${x} ${y}`;
  const middle = (before.x + x) / 2;
  return `C${middle} ${before.y} ${middle} ${y} ${x} ${y}`;
}).join(" ");

/** A week of posts on a line. */
export function WeekLine() {
  return (
    <svg viewBox="0 0 530 300" width="100%" role="presentation">
      {POSTS.map(({ x }) => (
        <line key={x} x1={x} x2={x} y1="20" y2="262" stroke="#fff" strokeOpacity="0.12" strokeDasharray="2 7" />
      ))}
      <path d={path} fill="none" stroke="#fff" strokeOpacity="0.9" strokeWidth="3.5" strokeLinecap="round" />
      {POSTS.map(({ x, y, day }, place) => (
        <g key={day}>
          <circle
            cx={x}
            cy={y}
            r={place === 3 ? 13 : 8}
            fill={place < 3 ? "#fff" : place === 3 ? "#f08a5d" : "#175c4c"}
            stroke="#fff"
            strokeWidth="3"
          />
          <text x={x} y="288" textAnchor="middle" fill="#fff" fillOpacity="0.7" fontSize="14" fontWeight="600">
            {day}
          </text>
        </g>
      ))}
    </svg>
  );
}
