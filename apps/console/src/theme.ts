import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const ward: MantineColorsTuple = [
  '#e8f6f9',
  '#d3e9ef',
  '#a8d3de',
  '#79bbcd',
  '#54a8bf',
  '#3d9bb5',
  '#2b7f97',
  '#17687f',
  '#0f5f73',
  '#084a5b',
];

const family =
  'Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif';

export const theme = createTheme({
  primaryColor: 'ward',
  primaryShade: { light: 8, dark: 7 },
  colors: { ward },
  fontFamily: family,
  headings: { fontFamily: family, fontWeight: '600' },
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
});

/** Mantine's own greys miss 4.5:1 on our surfaces (WCAG 2.2 SC 1.4.3). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#17212b',
    '--mantine-color-dimmed': '#526070',
    '--mantine-color-placeholder': '#5f6c7a',
    '--mantine-color-anchor': '#0f5f73',
    '--mantine-color-default-border': '#c3ccd6',
    '--mantine-color-error': '#a8231b',
  },
  dark: {
    '--mantine-color-body': '#1a2129',
    '--mantine-color-text': '#e6ebf0',
    '--mantine-color-dimmed': '#a3b0be',
    '--mantine-color-placeholder': '#94a2b1',
    '--mantine-color-anchor': '#79c4d8',
    '--mantine-color-default': '#212a34',
    '--mantine-color-default-hover': '#2a3540',
    '--mantine-color-default-border': '#465361',
    '--mantine-color-error': '#ff9a90',
  },
});
