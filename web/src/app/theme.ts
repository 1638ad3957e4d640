import {
  ActionIcon,
  Badge,
  Button,
  Card,
  Input,
  Modal,
  Paper,
  Skeleton,
  Tooltip,
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

const scale = (...shades: string[]) => shades as unknown as MantineColorsTuple;

/** Calm greens of the house, a warm accent, and one colour per state. */
const colors = {
  pine: scale("#ecf6f2", "#d6eae2", "#abd5c5", "#7ebfa7", "#58ac8d", "#3d9b7a", "#26836a", "#1b6b57", "#175c4c", "#0e4337"),
  clay: scale("#fff1ea", "#fce0d3", "#f6c0a7", "#f19e78", "#ec8150", "#e86f38", "#d95b25", "#b94a1c", "#973c18", "#752d11"),
  honey: scale("#fdf6e3", "#faebc3", "#f4d88a", "#edc450", "#e6b325", "#d39d0f", "#b07f06", "#8c6405", "#6e4e06", "#523a06"),
  sky: scale("#eaf4fb", "#d3e6f5", "#a5cbea", "#74aedf", "#4c95d5", "#3184c9", "#2370b2", "#1d5b91", "#194a75", "#12385a"),
  iris: scale("#f1effc", "#e0dcf7", "#c0b8ef", "#9e91e6", "#8170dd", "#6d59d6", "#5b47c4", "#4a39a3", "#3c2f83", "#2c2263"),
  leaf: scale("#edf7ea", "#d9edd3", "#b3daa6", "#8ac676", "#69b551", "#4fa037", "#3e862a", "#326b22", "#29561d", "#1d3f14"),
  plum: scale("#faeef6", "#f2d8e9", "#e4b0d1", "#d585b9", "#c961a4", "#b94791", "#9d377a", "#7f2c63", "#66254f", "#4b1a3a"),
  slate: scale("#f4f3f0", "#e8e6e1", "#d3d0c9", "#b5b1a8", "#97938a", "#7d796f", "#666259", "#524f47", "#413e38", "#2d2b27"),
  dark: scale("#dce3e0", "#b5bfbb", "#8f9a96", "#66726d", "#3f4a46", "#313b37", "#222a27", "#181f1c", "#121815", "#0c110f"),
  gray: scale("#faf9f6", "#f3f1ec", "#e8e5de", "#dcd8cf", "#c6c1b6", "#a5a096", "#7a766c", "#57544c", "#3a3832", "#23221e"),
};

export const theme = createTheme({
  colors,
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 6 },
  black: "#1d2421",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: "'Figtree Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  headings: {
    fontFamily: "'Bricolage Grotesque Variable', 'Figtree Variable', system-ui, sans-serif",
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.75rem", lineHeight: "1.2" },
      h2: { fontSize: "1.25rem", lineHeight: "1.3" },
      h3: { fontSize: "1.05rem", lineHeight: "1.35" },
    },
  },
  radius: { xs: "4px", sm: "7px", md: "10px", lg: "14px", xl: "20px" },
  shadows: {
    xs: "0 1px 2px rgb(30 40 35 / 5%)",
    sm: "0 1px 2px rgb(30 40 35 / 5%), 0 3px 8px rgb(30 40 35 / 5%)",
    md: "0 2px 4px rgb(30 40 35 / 5%), 0 10px 28px rgb(30 40 35 / 9%)",
  },
  components: {
    Button: Button.extend({ defaultProps: { fw: 600 } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray" } }),
    Card: Card.extend({ defaultProps: { radius: "lg", padding: "lg", withBorder: true, className: "surface" } }),
    Paper: Paper.extend({ defaultProps: { radius: "lg" } }),
    Badge: Badge.extend({ defaultProps: { tt: "none", fw: 600, radius: "xl", variant: "light" } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: "md" } }),
    Modal: Modal.extend({ defaultProps: { radius: "lg", centered: true, overlayProps: { blur: 3, opacity: 0.4 } } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 300, multiline: true, maw: 280 } }),
    InputWrapper: Input.Wrapper.extend({ styles: { label: { fontWeight: 600, marginBottom: 4 } } }),
  },
});

const tint = (name: string, share: number) => `color-mix(in srgb, var(--mantine-color-${name}-5) ${share}%, transparent)`;

/** Quiet words keep enough contrast; in the dark, tinted areas let the ground shine through and their words are bright. */
export const cssVariables: CSSVariablesResolver = (resolved) => ({
  variables: { "--mantine-color-dimmed": "var(--ink-soft)", "--mantine-color-placeholder": "var(--ink-soft)" },
  light: {},
  dark: Object.fromEntries([
    ...Object.keys(resolved.colors)
      .filter((name) => name !== "dark")
      .flatMap((name) => [
        [`--mantine-color-${name}-light`, tint(name, 17)],
        [`--mantine-color-${name}-light-hover`, tint(name, 25)],
        [`--mantine-color-${name}-light-color`, `var(--mantine-color-${name}-2)`],
      ]),
    ["--mantine-color-anchor", "var(--mantine-color-pine-3)"],
  ]),
});
