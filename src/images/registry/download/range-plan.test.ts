import { expect, test } from '@jest/globals';
import { RangePlan } from './range-plan.ts';

test('one who brings a blob alone has all of it', () => {
  const plan = new RangePlan(100, 10);
  expect(plan.claim()).toEqual({ position: 0, end: 100 });
  expect(plan.claim()).toBeNull();
});

test('shared, the lead keeps the next part and the others follow in order', () => {
  const plan = new RangePlan(100, 10);
  const lead = plan.claim() ?? { position: 0, end: 0 };
  lead.position = 35;
  expect(plan.share(lead)).toBe(true);
  expect(lead).toEqual({ position: 35, end: 45 });
  expect([plan.claim(), plan.claim()]).toEqual([
    { position: 45, end: 55 },
    { position: 55, end: 65 },
  ]);
});

test('what is given back comes first, lowest first', () => {
  const plan = new RangePlan(100, 10);
  const lead = plan.claim() ?? { position: 0, end: 0 };
  plan.share(lead);
  const [one, other] = [plan.claim(), plan.claim()];
  if (one === null || other === null) throw new Error('nothing to claim');
  plan.giveBack({ ...other, position: 22 });
  plan.giveBack(one);
  plan.giveBack({ position: 10, end: 10 });
  expect([plan.claim(), plan.claim(), plan.claim()]).toEqual([
    { position: 10, end: 20 },
    { position: 22, end: 30 },
    { position: 30, end: 40 },
  ]);
});

test('too little is not shared', () => {
  const plan = new RangePlan(100, 10);
  const lead = plan.claim() ?? { position: 0, end: 0 };
  lead.position = 81;
  expect([plan.share(lead), lead.end]).toEqual([false, 100]);
});

test('united, all from the first missing byte is one piece again', () => {
  const plan = new RangePlan(100, 10);
  const lead = plan.claim() ?? { position: 0, end: 0 };
  plan.share(lead);
  const helper = plan.claim();
  if (helper === null) throw new Error('nothing to claim');
  plan.giveBack(helper);
  plan.unite(null);
  expect([plan.claim(), plan.claim()]).toEqual([{ position: 10, end: 100 }, null]);
});

test('united, all that is left is the lead’s, also what is given back later', () => {
  const plan = new RangePlan(100, 10);
  const lead = plan.claim() ?? { position: 0, end: 0 };
  lead.position = 5;
  plan.share(lead);
  const helpers = [plan.claim(), plan.claim()];
  for (const helper of helpers) {
    plan.giveBack(helper ?? lead);
    plan.unite(lead);
    expect([lead, plan.claim()]).toEqual([{ position: 5, end: 100 }, null]);
  }
});

test('united, what the lead is past already is one piece of its own', () => {
  const plan = new RangePlan(100, 10);
  const first = plan.claim() ?? { position: 0, end: 0 };
  plan.share(first);
  const lead = plan.claim() ?? { position: 0, end: 0 };
  plan.giveBack({ position: 4, end: 10 });
  plan.unite(lead);
  expect([lead.end, plan.claim(), plan.claim()]).toEqual([20, { position: 4, end: 100 }, null]);
});
