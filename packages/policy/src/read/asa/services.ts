import type { Box } from '../../space/packet.ts';
import { IosFault, noGroups, Words } from '../ios-line.ts';

/** Names of ports that an ASA has other numbers for than everybody else, or alone. */
const own: Readonly<Record<string, string>> = {
  radius: '1645',
  'radius-acct': '1646',
  kerberos: '750',
  cifs: '3020',
  rsh: '514',
};

const comparisons = ['eq', 'neq', 'lt', 'gt', 'range'];

/** The words with the names of ports that are an ASA's own as numbers. */
export function withNumbers(words: readonly string[]): string[] {
  return words.map((word, at) => {
    const isPort = comparisons.includes(words[at - 1] ?? '') || words[at - 2] === 'range';
    // Its number changed from one version to another.
    if (isPort && word === 'sqlnet') throw new IosFault('sqlnet is 1521 or 1522, by the version');
    return isPort && Object.hasOwn(own, word) ? own[word]! : word;
  });
}

/** `tcp source range 1 5 eq 80`, `icmp6 echo`, `esp` */
export function boxesOf(words: readonly string[]): Box[] {
  const isSix = words[0] === 'icmp6';
  const plain = withNumbers(isSix ? ['icmp', ...words.slice(1)] : words);
  return new Words(plain, noGroups).service(isSix ? 6 : 4);
}
