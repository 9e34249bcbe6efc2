use core::fmt;

use crate::{
    dumpsys,
    error::{ExportError, Place, excerpt},
    ideviceinstaller, json, pm_list,
    text::decode,
};

/// A kind of export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// octroi's own device record, in JSON.
    Record,
    /// What `adb shell pm list packages` prints, with any flags.
    PmList,
    /// What `adb shell dumpsys package` prints.
    Dumpsys,
    /// What `ideviceinstaller` lists.
    Ideviceinstaller,
    /// Apple's InstalledApplicationList and DeviceInformation, as a property list in XML or binary.
    AppleMdm,
    /// A device of the Android Management API, in JSON.
    Amapi,
    /// A device of Intune or its discovered apps, in Microsoft Graph's JSON.
    Intune,
    /// A host of Fleet with its software, in JSON.
    Fleetdm,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 8] = [
        Kind::Record,
        Kind::PmList,
        Kind::Dumpsys,
        Kind::Ideviceinstaller,
        Kind::AppleMdm,
        Kind::Amapi,
        Kind::Intune,
        Kind::Fleetdm,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Record => "record",
            Kind::PmList => "pm-list",
            Kind::Dumpsys => "dumpsys",
            Kind::Ideviceinstaller => "ideviceinstaller",
            Kind::AppleMdm => "apple-mdm",
            Kind::Amapi => "amapi",
            Kind::Intune => "intune",
            Kind::Fleetdm => "fleetdm",
        }
    }

    /// Recognises an export that is one JSON object; what nothing tells is taken for a record, whose reader says what is wrong.
    pub fn of_object(text: &str) -> Kind {
        json::detect(text)
    }

    /// Recognises an export by its content. That it is recognised does not mean that it can be read.
    ///
    /// # Errors
    ///
    /// What is empty, what is no text (a binary property list is none, but recognised), and what looks like no export.
    pub fn detect(export: &[u8]) -> Result<Kind, ExportError> {
        if export.starts_with(BINARY) {
            return Ok(Kind::AppleMdm);
        }
        let text = decode(export)?;
        let start = text.trim_start();
        if start.starts_with('{') {
            Ok(Kind::of_object(&text))
        } else if XML.iter().any(|opening| start.starts_with(opening)) {
            Ok(if ideviceinstaller::is_known_xml(&text) {
                Kind::Ideviceinstaller
            } else {
                Kind::AppleMdm
            })
        } else if dumpsys::is_dump(&text) {
            // Before a list of packages: a dump has lines that look like one.
            Ok(Kind::Dumpsys)
        } else if text.lines().any(ideviceinstaller::is_known_line) {
            Ok(Kind::Ideviceinstaller)
        } else if text.lines().any(pm_list::is_known_line) {
            Ok(Kind::PmList)
        } else {
            Err(ExportError::new(
                Place::in_text(text.as_bytes(), text.len() - start.len()),
                excerpt(start.lines().next().unwrap_or_default()),
                "an octroi record or a device of Android Management, Intune or Fleet (JSON), what `adb shell pm list \
                 packages`, `adb shell dumpsys package` or `ideviceinstaller` prints, or Apple's \
                 InstalledApplicationList (a property list)",
            ))
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a binary property list begins.
pub(crate) const BINARY: &[u8] = b"bplist";

/// How a property list in XML can begin.
const XML: [&str; 6] = [
    "<?xml",
    "<!DOCTYPE plist",
    "<!--",
    "<plist",
    "<dict",
    "<array",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_is_recognised_by_its_content() {
        let cases: [(&[u8], Kind); 22] = [
            (b"{\"x\":{},\"managementMode\":\"", Kind::Amapi),
            (b"{\"@odata.context\":1}", Kind::Intune),
            (b"{\"error\":{}}", Kind::Intune),
            (b"{\"host\":{\"device\":1}}", Kind::Fleetdm),
            (b"{\"device\":{},\"host\":{}}", Kind::Record),
            (
                b"Packages:\r\n  Package [a] (1):\r\npackage:a\r\n",
                Kind::Dumpsys,
            ),
            (b"Total: 3 apps\n", Kind::Ideviceinstaller),
            (
                b"CFBundleIdentifier, CFBundleVersion",
                Kind::Ideviceinstaller,
            ),
            (b"No device found.\n", Kind::Ideviceinstaller),
            (b"{}", Kind::Record),
            (b"\xEF\xBB\xBF\n {", Kind::Record),
            (b"bplist00", Kind::AppleMdm),
            (b"<?xml version=\"1.0\"?>", Kind::AppleMdm),
            (b"\xEF\xBB\xBF\r\n<plist version=\"1.0\">", Kind::AppleMdm),
            (b"<array>", Kind::AppleMdm),
            (b"package:android", Kind::PmList),
            (b"* daemon started successfully\r\npackage:a", Kind::PmList),
            (
                b"PS C:\\> adb shell pm list packages\r\npackage:a",
                Kind::PmList,
            ),
            (b"\xFF\xFEp\0a\0c\0k\0a\0g\0e\0:\0a\0", Kind::PmList),
            (
                b"error: device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set",
                Kind::PmList,
            ),
            (b"cmd: Can't find service: package", Kind::PmList),
            (
                b"Failure calling service package: Broken pipe (32)",
                Kind::PmList,
            ),
        ];
        for (export, expected) in cases {
            assert_eq!(
                Kind::detect(export),
                Ok(expected),
                "{}",
                export.escape_ascii()
            );
        }
    }

    #[test]
    fn what_is_no_export_is_refused_and_shown() {
        let cases: [(&[u8], &str); 5] = [
            (b"", "the whole export: found nothing, "),
            (
                b"\n<!DOCTYPE html>",
                "line 2, column 1: found `<!DOCTYPE html>`, ",
            ),
            (b"[]", "line 1, column 1: found `[]`, "),
            (b"com.foo\ncom.bar", "line 1, column 1: found `com.foo`, "),
            (b"\x89PNG\r\n", "line 1, column 1: found the byte 0x89, "),
        ];
        for (export, expected) in cases {
            let error = Kind::detect(export).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        assert_eq!(
            Kind::ALL.map(Kind::name),
            [
                "record",
                "pm-list",
                "dumpsys",
                "ideviceinstaller",
                "apple-mdm",
                "amapi",
                "intune",
                "fleetdm"
            ]
        );
    }
}
