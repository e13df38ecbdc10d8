import { randomInputs } from './round-inputs.given';
import { inputsOf, textOfInputs } from './round-inputs-text';

describe('the canonical text of inputs', () => {
  const inputs = randomInputs(1, { needs: 30, offers: 30 });
  const [first] = inputs.offers;
  const proved = {
    ...inputs,
    offers: [
      {
        ...first,
        qualifications: new Map([
          ['b', '2027-01-01'],
          ['a', '2026-12-31'],
        ]),
      },
    ],
  };

  it('gives the inputs that it was made of', () => {
    expect(inputsOf(textOfInputs(inputs))).toEqual(inputs);
  });

  it('is the same again of what it gives', () => {
    for (const some of [inputs, proved as typeof inputs])
      expect(textOfInputs(inputsOf(textOfInputs(some)))).toBe(textOfInputs(some));
  });
});
