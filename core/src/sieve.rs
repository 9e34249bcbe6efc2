//! A first look at what was seen: nearly everything on a phone is nothing that a policy names.

/// A few bits of a text; equal texts have equal ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Print(u32);

impl Print {
    pub(crate) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        // Identifiers begin alike and differ at their end.
        let end = match bytes.last_chunk() {
            Some(end) => u128::from_le_bytes(*end),
            None => u128::from_le_bytes(padded(bytes)),
        };
        let both = (end as u64) ^ ((end >> 64) as u64).rotate_left(29);
        // Multiplied by the golden ratio, what differs anywhere differs in the middle.
        let product = u128::from(both) * 0x9e37_79b9_7f4a_7c15;
        Self((product >> 64) as u32 ^ product as u32)
    }
}

fn padded(bytes: &[u8]) -> [u8; 16] {
    let mut padded = [0; 16];
    for (to, from) in padded.iter_mut().zip(bytes) {
        *to = *from;
    }
    padded
}

/// Tells of most texts, in a few instructions, that they are none of the keys; of the keys it says that they may be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sieve {
    /// A power of two of words, or none: so that a part of a print is the number of a word.
    words: Vec<u64>,
}

impl Sieve {
    pub(crate) fn new<'a>(keys: impl ExactSizeIterator<Item = &'a str>) -> Self {
        // A word a key lets one of a hundred strangers through, or fewer.
        let mut words = vec![0; keys.len().next_power_of_two()];
        let mask = words.len() - 1;
        for key in keys {
            let (number, bit) = place(Print::of(key), mask);
            if let Some(word) = words.get_mut(number) {
                *word |= 1 << bit;
            }
        }
        Self { words }
    }

    /// Lets everything through.
    pub(crate) fn open() -> Self {
        let words = vec![u64::MAX];
        Self { words }
    }

    /// Whether a text may be one of the keys.
    pub(crate) fn test(&self) -> impl Fn(Print) -> bool + Copy {
        let words = &self.words[..];
        move |print| {
            let (number, bit) = place(print, words.len().wrapping_sub(1));
            words.get(number).is_some_and(|word| word >> bit & 1 == 1)
        }
    }
}

/// The number of a word, and of a bit of it.
const fn place(print: Print, mask: usize) -> (usize, u32) {
    ((print.0 >> 6) as usize & mask, print.0 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: usize) -> Vec<String> {
        let kinds = [
            "com.x{}",
            "com.vendor{}.product",
            "net.a.very.long.name.of.a.package.by.vendor{}.lite",
        ];
        (0..count)
            .map(|number| kinds[number % 3].replace("{}", &number.to_string()))
            .collect()
    }

    /// A key that the sieve held back would be an app that nobody sees any more.
    #[test]
    fn every_key_passes_and_few_strangers_do() {
        for count in [0, 1, 2, 3, 100, 3000] {
            let keys = ids(count);
            let sieve = Sieve::new(keys.iter().map(String::as_str));
            let passes = |text: &String| sieve.test()(Print::of(text));
            assert!(keys.iter().all(passes));
            let strangers = ids(2 * count).split_off(count);
            let passed = strangers.iter().filter(|text| passes(text)).count();
            assert!(passed <= count / 10 + 2, "{passed} of {count} strangers");
        }
        assert!(!Sieve::default().test()(Print::of(
            "com.zhiliaoapp.musically"
        )));
        assert!(Sieve::open().test()(Print::of("com.zhiliaoapp.musically")));
    }
}
