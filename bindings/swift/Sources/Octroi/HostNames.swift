import Foundation

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

/// The names under which a host of a URL will be looked up: a URL may write one host in many ways.
enum HostNames {
    /// The host as it is written, decoded, and as the address that the system would make of it.
    static func of(_ host: String) -> [String] {
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        let plain = mapped(bare.removingPercentEncoding ?? bare)
        let withoutZone = plain.prefix { $0 != "%" }
        let address = withoutZone.hasSuffix(".") ? String(withoutZone.dropLast()) : String(withoutZone)
        // The address first: that is how an administration names it.
        return [wrappedIPv4(address), ipv4(address), plain].compactMap { $0 }
    }

    /// As names are mapped before they are looked up (UTS 46), so far as the names of an administration go, which are ASCII: wide letters
    /// and dots are plain ones, a sharp s may be two, and what nobody sees is dropped, such as a soft hyphen.
    private static func mapped(_ name: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in name.precomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            // Whoever looks it up reads no further.
            case "\0": return String(plain)
            case "\u{3002}": plain.append(".")
            case "ß", "ẞ": plain.append(contentsOf: "ss".unicodeScalars)
            case _ where scalar.properties.isDefaultIgnorableCodePoint: break
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }

    /// `127.0.0.2` of `0x7f.2` or `2130706434`.
    private static func ipv4(_ text: String) -> String? {
        var address = in_addr()
        return inet_aton(text, &address) == 0 ? nil : printed(AF_INET, &address)
    }

    /// `127.0.0.2` of `::ffff:7f00:2`.
    private static func wrappedIPv4(_ text: String) -> String? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1, let printed = printed(AF_INET6, &address) else { return nil }
        let prefix = "::ffff:"
        return printed.hasPrefix(prefix) && printed.contains(".") ? String(printed.dropFirst(prefix.count)) : nil
    }

    private static func printed(_ family: Int32, _ address: UnsafeRawPointer) -> String? {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        return inet_ntop(family, address, &text, socklen_t(text.count)).map { String(cString: $0) }
    }
}
