import type { Browser } from 'playwright-core';

export declare function launchChromium(more?: readonly string[]): Promise<Browser>;
