//! Neighbouring situations put together.

use std::collections::{BTreeMap, BTreeSet};

/// How many things a situation is made of.
pub(super) const SIDES: usize = 5;

/// Situations: every combination of one from each side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// What changes in all of them.
    pub(super) difference: usize,
    pub(super) sides: [BTreeSet<usize>; SIDES],
    /// How many there are.
    pub(super) situations: usize,
}

/// Puts blocks together that agree in all sides but one, along one side after the other in this order.
pub(super) fn put_together(mut blocks: Vec<Block>, order: [usize; SIDES]) -> Vec<Block> {
    for side in order {
        let mut rows: BTreeMap<_, Block> = BTreeMap::new();
        for mut block in blocks {
            let along = block
                .sides
                .get_mut(side)
                .map(core::mem::take)
                .unwrap_or_default();
            let row = rows
                .entry((block.difference, block.sides.clone()))
                .or_insert(Block {
                    situations: 0,
                    ..block.clone()
                });
            row.situations += block.situations;
            if let Some(all) = row.sides.get_mut(side) {
                all.extend(along);
            }
        }
        blocks = rows.into_values().collect();
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(difference: usize, sides: [usize; SIDES]) -> Block {
        Block {
            difference,
            sides: sides.map(|number| BTreeSet::from([number])),
            situations: 1,
        }
    }

    #[test]
    fn a_box_of_equal_cells_is_one_block_and_another_difference_stays_apart() {
        let mut cells = Vec::new();
        for first in 0..3 {
            for last in 0..2 {
                cells.push(cell(0, [first, 0, 0, 0, last]));
            }
        }
        cells.push(cell(1, [3, 0, 0, 0, 0]));
        let blocks = put_together(cells, [4, 3, 2, 1, 0]);
        let sizes: Vec<_> = blocks
            .iter()
            .map(|block| (block.difference, block.situations))
            .collect();
        assert_eq!(sizes, [(0, 6), (1, 1)]);
        assert_eq!(blocks[0].sides[0], BTreeSet::from([0, 1, 2]));
    }
}
