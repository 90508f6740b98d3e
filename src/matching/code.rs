//! The language of programs: expressions over slots in 16-bit units, small numbers in one, larger in two.
//!
//! An expression is one number, `payload * 4 + kind`: a slot the listing must have, or how many expressions follow and whether
//! all, any or none of them must hold. A program is a row of expressions that must all hold.

use crate::matching::mask::Mask;
use crate::matching::reading::Reading;
use crate::matching::slots::Slot;

/// What must hold of a listing.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Has(Slot),
    All(Vec<Self>),
    Any(Vec<Self>),
    None(Vec<Self>),
}

const HAS: u32 = 0;
const ALL: u32 = 1;
const ANY: u32 = 2;
const NONE: u32 = 3;

/// Numbers below this take one unit; the bit marks the first unit of two.
const ONE_UNIT: u32 = 0x8000;

/// The high and the low half of a number.
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is asked for")]
pub(super) const fn halves(number: u32) -> [u16; 2] {
    [(number >> 16) as u16, number as u16]
}

/// Writes a number below 2^31.
pub(super) fn write_number(code: &mut Vec<u16>, number: u32) {
    let [high, low] = halves(number);
    if number < ONE_UNIT {
        code.push(low);
    } else {
        assert!(number < 1 << 31, "programs count to 2^31");
        code.extend([high | 0x8000, low]);
    }
}

/// Reads a number and moves on.
pub(super) fn read_number(code: &[u16], at: &mut usize) -> u32 {
    let first = u32::from(code[*at]);
    *at += 1;
    if first < ONE_UNIT {
        return first;
    }
    let low = u32::from(code[*at]);
    *at += 1;
    (first & (ONE_UNIT - 1)) << 16 | low
}

pub(super) fn write_expression(code: &mut Vec<u16>, expression: &Expression) {
    let (kind, parts) = match expression {
        Expression::Has(slot) => return write_number(code, slot << 2 | HAS),
        Expression::All(parts) => (ALL, parts),
        Expression::Any(parts) => (ANY, parts),
        Expression::None(parts) => (NONE, parts),
    };
    let count = u32::try_from(parts.len()).expect("a wish has fewer than 2^32 parts");
    write_number(code, count << 2 | kind);
    for part in parts {
        write_expression(code, part);
    }
}

/// Keeps of `lanes` those for which the expression at `at` holds, and moves past it.
pub(super) fn keep<const WORDS: usize>(code: &[u16], at: &mut usize, reading: &Reading<WORDS>, lanes: &mut Mask<WORDS>) {
    let number = read_number(code, at);
    let payload = number >> 2;
    match number & 3 {
        HAS => lanes.keep(reading.mask(payload)),
        ALL => (0..payload).for_each(|_| keep(code, at, reading, lanes)),
        ANY => {
            let any = any(code, at, payload, reading, lanes);
            lanes.keep(&any);
        }
        _ => {
            let any = any(code, at, payload, reading, lanes);
            lanes.drop(&any);
        }
    }
}

/// Of `within`, the lanes for which one of the next `count` expressions holds.
fn any<const WORDS: usize>(code: &[u16], at: &mut usize, count: u32, reading: &Reading<WORDS>, within: &Mask<WORDS>) -> Mask<WORDS> {
    let mut any = Mask::EMPTY;
    for _ in 0..count {
        let start = *at;
        let number = read_number(code, at);
        if number & 3 == HAS {
            any.add(reading.mask(number >> 2));
        } else {
            *at = start;
            let mut part = *within;
            keep(code, at, reading, &mut part);
            any.add(&part);
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_whatever_their_size() {
        let numbers = [0, 1, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x7fff_ffff];
        let mut code = Vec::new();
        for number in numbers {
            write_number(&mut code, number);
        }
        let mut at = 0;
        for number in numbers {
            assert_eq!(read_number(&code, &mut at), number);
        }
        assert_eq!((at, code.len()), (code.len(), 3 + 4 * 2));
    }
}
