// All icons, 24 x 24, drawn with lines in the text's colour. They say nothing by themselves: the text beside them does.
const paths = {
  piste: 'M3 5v14M21 5v14M12 5v14M3 12h18',
  film: 'M4 7h11v10H4zM15 11l5-3v8l-5-3',
  watch: 'M3 5h18v12H3zM8 21h8M12 17v4',
  upload: 'M12 16V4M7 9l5-5 5 5M4 20h16',
  settings: 'M12 9a3 3 0 100 6 3 3 0 000-6M12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M5 19l3-3M16 8l3-3',
  play: 'M7 4l13 8-13 8z',
  pause: 'M7 4v16M17 4v16',
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  previous: 'M18 5l-8 7 8 7zM6 5v14',
  next: 'M6 5l8 7-8 7zM18 5v14',
  left: 'M19 12H5M11 6l-6 6 6 6',
  right: 'M5 12h14M13 6l6 6-6 6',
  eye: 'M2 12c4-7 16-7 20 0-4 7-16 7-20 0M12 9a3 3 0 100 6 3 3 0 000-6',
  zoom: 'M11 4a7 7 0 100 14 7 7 0 000-14M16 16l5 5M8 11h6M11 8v6',
  full: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  skeleton: 'M12 3a2 2 0 100 4 2 2 0 000-4M12 7v7M6 10l6-1 6 1M12 14l-4 7M12 14l4 7',
  download: 'M12 4v12M7 11l5 5 5-5M4 20h16',
  warn: 'M12 3l10 18H2zM12 10v5M12 18v.5',
  check: 'M4 12l6 6L20 6',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8M4 21c0-8 16-8 16 0',
  share: 'M12 15V3M8 7l4-4 4 4M5 12v9h14v-9',
  compare: 'M3 5h7v14H3zM14 5h7v14h-7z',
  cut: 'M6 4a3 3 0 100 6 3 3 0 000-6M6 14a3 3 0 100 6 3 3 0 000-6M9 8.5L20 18M9 15.5L20 6',
  help: 'M9 9a3 3 0 116 0c0 2-3 2-3 5M12 18v.5',
};
export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
