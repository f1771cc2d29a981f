/** What becomes a link, and above all what does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOf } from './links.ts';

const kinds = (text: string): string[] => partsOf(text).map(({ kind, text: part }) => `${kind} ${part}`);

test('the parts put together are the text again', () => {
  const text = '见https://a.example/x?y=1，RF-7K3MPX2QAD (http://b.example/). 完';
  assert.equal(partsOf(text).map((part) => part.text).join(''), text);
});

test('an address ends where the Chinese goes on, and before closing punctuation', () => {
  assert.deepEqual(kinds('见https://a.example/x。完'), ['text 见', 'link https://a.example/x', 'text 。完']);
  assert.deepEqual(kinds('(http://b.example/).'), ['text (', 'link http://b.example/', 'text ).']);
});

test('only web addresses are links', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.example', 'http://', 'https://%']) {
    assert.ok(partsOf(text).every(({ kind }) => kind === 'text'), text);
  }
});

test('an address with a name in front of an @ is no link', () => {
  assert.deepEqual(kinds('https://bank.example@evil.example/'), ['text https://bank.example@evil.example/']);
});

test('markup around an address does not become part of it', () => {
  assert.deepEqual(kinds('<a href="https://a.example/">'), ['text <a href="', 'link https://a.example/', 'text ">']);
});

test('tracking numbers stand out, longer words do not', () => {
  assert.deepEqual(kinds('RF-7K3MPX2QAD'), ['code RF-7K3MPX2QAD']);
  assert.deepEqual(kinds('XRF-7K3MPX2QADZZ'), ['text XRF-7K3MPX2QADZZ']);
});
