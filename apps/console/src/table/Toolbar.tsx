import { ActionIcon, Button, Checkbox, CloseButton, Menu, Popover, TextInput, Tooltip } from '@mantine/core';
import { IconBookmark, IconColumns3, IconDownload, IconSearch, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { addressOf, useAddress } from '../shell/address.ts';
import type { Column } from './columns.ts';
import { useStored } from './stored.ts';

/** Long enough that a word is typed before it is asked for, short enough to feel at once. */
const TYPING_MILLISECONDS = 180;

export function SearchBox({ label }: { label: string }) {
  const { values, change } = useAddress();
  const [text, setText] = useState(values.q ?? '');
  const asked = useRef(values.q ?? '');
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if ((values.q ?? '') === asked.current) return;
    asked.current = values.q ?? '';
    setText(asked.current);
  }, [values]);
  useEffect(() => {
    if (text === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = text;
      change({ q: text, row: undefined }, { replace: true });
    }, TYPING_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text, change]);
  useSlash(box);
  return (
    <TextInput
      ref={box}
      className="search"
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => setText('')} />
        )
      }
      placeholder={`${label}  ( / )`}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

function useSlash(box: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input,textarea') !== null;
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [box]);
}

export function ColumnChooser<R>(props: {
  columns: readonly Column<R>[];
  chosen: readonly string[];
  onChoose: (ids: string[]) => void;
}) {
  const set = (id: string, on: boolean) =>
    props.onChoose(
      props.columns.map((c) => c.id).filter((other) => (other === id ? on : props.chosen.includes(other))),
    );
  return (
    <Popover position="bottom-end" withinPortal shadow="md">
      <Popover.Target>
        <Tooltip label="Columns">
          <ActionIcon variant="default" size={36} aria-label="Choose columns">
            <IconColumns3 size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack-tight">
          {props.columns.map((column, index) => (
            <Checkbox
              key={column.id}
              size="sm"
              label={column.label}
              disabled={index === 0}
              checked={props.chosen.includes(column.id)}
              onChange={(event) => set(column.id, event.currentTarget.checked)}
            />
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

interface View {
  name: string;
  address: string;
}

/** Named addresses of this list, kept in this browser. */
export function SavedViews({ list }: { list: string }) {
  const { path, values, go } = useAddress();
  const [views, setViews] = useStored<View[]>(`wardline.views.${list}`, []);
  const [name, setName] = useState('');
  const { row: _row, ...filters } = values;
  const save = () => {
    if (name.trim() === '') return;
    const view = { name: name.trim(), address: addressOf(path, filters) };
    setViews([...views.filter((other) => other.name !== view.name), view]);
    setName('');
  };
  return (
    <Menu position="bottom-end" width={280} closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconBookmark size={16} aria-hidden />}>
          Views
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {views.length === 0 && <Menu.Label>No saved view yet</Menu.Label>}
        {views.map((view) => (
          <div key={view.name} className="saved-view">
            <Menu.Item onClick={() => go(view.address)}>{view.name}</Menu.Item>
            <ActionIcon
              variant="subtle"
              aria-label={`Forget ${view.name}`}
              onClick={() => setViews(views.filter((other) => other !== view))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        ))}
        <Menu.Divider />
        <form
          className="saved-view"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <TextInput
            size="xs"
            placeholder="Name of this view"
            aria-label="Name of this view"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
          <Button size="xs" type="submit" disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}

export function ExportLink({ href, children = 'CSV' }: { href: string; children?: ReactNode }) {
  return (
    <Button
      component="a"
      href={href}
      download
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {children}
    </Button>
  );
}
