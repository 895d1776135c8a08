//! Taking ASCII text apart. The standard library finds any pattern in any text and reads any number, which is a kilobyte of code.

/// The text before the first `separator`, and the text after it; `None` without one.
pub(crate) fn halves(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The number that these digits are, at most as many as fit into a `u64` whatever they are.
pub(crate) fn number(text: &str, radix: u32) -> Option<u64> {
    let longest = if radix == 16 { 16 } else { 19 };
    if text.is_empty() || text.len() > longest {
        return None;
    }
    text.bytes().try_fold(0, |number, byte| {
        let digit = char::from(byte).to_digit(radix)?;
        Some(number * u64::from(radix) + u64::from(digit))
    })
}

/// The parts between the separators, as `str::split` makes them.
pub(crate) fn parts(text: &str, separator: u8) -> Parts<'_> {
    let rest = Some(text);
    Parts { rest, separator }
}

/// See [`parts`].
pub(crate) struct Parts<'a> {
    rest: Option<&'a str>,
    separator: u8,
}

impl<'a> Iterator for Parts<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest.take()?;
        match halves(rest, self.separator) {
            Some((part, rest)) => {
                self.rest = Some(rest);
                Some(part)
            }
            None => Some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_halved_at_the_first_separator() {
        assert_eq!(halves("a=b=c", b'='), Some(("a", "b=c")));
        assert_eq!(halves("=", b'='), Some(("", "")));
        assert_eq!(halves("é", b'='), None);
    }

    #[test]
    fn numbers_are_digits_alone() {
        assert_eq!(number("ffffffffffffffff", 16), Some(u64::MAX));
        assert_eq!(
            number("9999999999999999999", 10),
            Some(9_999_999_999_999_999_999)
        );
        assert_eq!(number("0", 10), Some(0));
        for text in ["", "+1", "-1", "1 ", "é", "1ffffffffffffffff"] {
            assert_eq!(number(text, 16), None, "{text}");
        }
        for text in ["a", "10000000000000000000"] {
            assert_eq!(number(text, 10), None, "{text}");
        }
    }

    #[test]
    fn parts_are_what_split_makes() {
        for text in ["", ".", "a", "a.b", ".a..b.", "é.ü"] {
            assert!(parts(text, b'.').eq(text.split('.')), "{text}");
        }
    }
}
