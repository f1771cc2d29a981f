/** Which table of strings speaks a language tag; anything that is not Chinese reads English. */
import { en, type Strings } from './en.ts';
import { zh } from './zh.ts';

export type Language = 'zh' | 'en';
export type { Strings };

export function languageOf(tag: string | null | undefined): Language {
  return /^zh/i.test(tag ?? '') ? 'zh' : 'en';
}

export function stringsOf(language: Language): Strings {
  return language === 'zh' ? zh : en;
}
