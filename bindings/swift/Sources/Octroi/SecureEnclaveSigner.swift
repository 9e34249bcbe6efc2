#if canImport(CryptoKit)
import CryptoKit
import Foundation
import Security

/// Signs statements with a key that the [Secure Enclave](https://developer.apple.com/documentation/cryptokit/secureenclave) of this device made
/// and never gives away. **It was never compiled: no machine of ours has Apple's SDK.**
///
/// The key is made when it is first asked for. What the keychain keeps of it is the
/// [data](https://developer.apple.com/documentation/cryptokit/storing-cryptokit-keys-in-the-keychain) from which this device's enclave alone makes
/// it again; it is there [after the first unlock](https://developer.apple.com/documentation/security/ksecattraccessibleafterfirstunlockthisdeviceonly),
/// so that an app can state something in the background too, and goes to no other device, not even with a backup.
///
/// A server enrolls the thumbprint of the key: ``identity()`` says the key and brings no proof of where it is. App Attest is something else, and not
/// done here.
///
/// A simulator or a Mac may have no enclave. Nothing can be signed there; a test has a signer of its own.
public final class SecureEnclaveSigner: EvidenceSigner {
    private typealias Key = SecureEnclave.P256.Signing.PrivateKey

    private let name: String
    private let key = Locked<Key?>(nil)

    /// - Parameter name: under which the keychain keeps the key, among the items of this app. Another name is another key.
    public init(name: String = "be.octroi.evidence") {
        self.name = name
    }

    public func identity() throws -> Identity {
        .key(key: try opened().publicKey.x963Representation)
    }

    public func sign(bytes: Data) throws -> Data {
        try opened().signature(for: bytes).rawRepresentation
    }

    /// Deletes the key, if there is one: when the device leaves the administration, say. It stays when the app is removed: the keychain keeps
    /// it. Nobody signs with it again, and the next statement is signed by a new one, which a server does not know.
    public func deleteKey() throws {
        try key.with { key in
            let status = SecItemDelete(item as CFDictionary)
            guard status == errSecSuccess || status == errSecItemNotFound else { throw refusal("delete", status) }
            key = nil
        }
    }

    private func opened() throws -> Key {
        try key.with { key in
            let opened = try key ?? kept() ?? made()
            key = opened
            return opened
        }
    }

    private var item: [CFString: Any] {
        [kSecClass: kSecClassGenericPassword, kSecAttrService: name, kSecUseDataProtectionKeychain: true]
    }

    private func kept() throws -> Key? {
        var found: CFTypeRef?
        let status = SecItemCopyMatching(item.merging([kSecReturnData: true]) { $1 } as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        guard status == errSecSuccess, let data = found as? Data else { throw refusal("read", status) }
        return try Key(dataRepresentation: data)
    }

    private func made() throws -> Key {
        let accessible = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        guard let access = SecAccessControlCreateWithFlags(nil, accessible, .privateKeyUsage, nil) else {
            throw PortError.Failed(reason: "the system does not let a key be used after the first unlock")
        }
        let made = try Key(accessControl: access)
        let new = [kSecAttrAccessible: accessible, kSecValueData: made.dataRepresentation] as [CFString: Any]
        let status = SecItemAdd(item.merging(new) { $1 } as CFDictionary, nil)
        // An extension of the app was faster: its key is the one that is kept.
        if status == errSecDuplicateItem, let other = try kept() { return other }
        guard status == errSecSuccess else { throw refusal("write", status) }
        return made
    }

    private func refusal(_ action: String, _ status: OSStatus) -> PortError {
        PortError.Failed(reason: "the keychain cannot \(action) the key: \(status)")
    }
}
#endif
