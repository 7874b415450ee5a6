import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useState } from 'react';
import './imports.css';

interface DropZoneProps {
  accept: string;
  multiple: boolean;
  label: string;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

/** Takes files by drag and drop, or by a button that a keyboard reaches. */
export function DropZone({ accept, multiple, label, onFiles, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  const choose = (chosen: File | File[] | null) => {
    if (chosen) onFiles(Array.isArray(chosen) ? chosen : [chosen]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same by keyboard
    <div
      className="drop"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconUpload size={28} aria-hidden />
      <p>
        Drop here, or{' '}
        <FileButton accept={accept} multiple={multiple} onChange={choose}>
          {(props) => (
            <Button {...props} variant="default">
              {label}
            </Button>
          )}
        </FileButton>
      </p>
      <p className="dim">{children}</p>
    </div>
  );
}
