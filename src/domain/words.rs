//! The macro behind `enums.rs`: enums whose variants have one name, in JSON and in the database alike.

/// A name that is not a variant of its enum.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{value}`, expected one of {expected}")]
pub struct UnknownVariant {
    pub what: &'static str,
    pub value: String,
    pub expected: String,
}

macro_rules! words {
    (@list $($name:ident { $($word:literal),+ })+) => {
        /// Each vocabulary of this file: its type and its spellings. Tests hold the database's constraints against it.
        pub const VOCABULARIES: &[(&str, &[&str])] = &[$((stringify!($name), &[$($word),+])),+];
    };
    ($($(#[$doc:meta])* $name:ident $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// Every variant, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The variant's name in JSON and in the database.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownVariant;

            fn from_str(word: &str) -> Result<Self, $crate::domain::words::UnknownVariant> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::domain::words::UnknownVariant {
                        what: $what,
                        value: other.to_owned(),
                        expected: [$($word),+].join(", "),
                    }),
                }
            }
        }
    )+
        words! { @list $($name { $($word),+ })+ }
    };
}

pub(super) use words;
