import Foundation

/// A JSON object of which every key must be read: what a test forgets to hand over, or to compare, fails it.
final class Fields {
    private let json: [String: Any]
    private var read: Set<String> = []

    private init(_ json: [String: Any]) {
        self.json = json
    }

    /// Reads an object, all of it.
    static func read<Value>(_ json: Any, _ read: (Fields) throws -> Value) throws -> Value {
        let fields = Fields(try cast(json))
        let value = try read(fields)
        let unread = Set(fields.json.keys).subtracting(fields.read)
        guard unread.isEmpty else { throw Unexpected("not read: \(unread.sorted()) in \(json)") }
        return value
    }

    /// The value of a key; nil if it is missing or null.
    func get(_ key: String) -> Any? {
        read.insert(key)
        return json[key].flatMap { $0 is NSNull ? nil : $0 }
    }

    func need(_ key: String) throws -> Any {
        guard let value = get(key) else { throw Unexpected("no `\(key)` in \(json)") }
        return value
    }

    func text(_ key: String) throws -> String? { try get(key).map(cast) }

    func needText(_ key: String) throws -> String { try cast(need(key)) }

    func list(_ key: String) throws -> [Any] { try get(key).map(cast) ?? [] }

    func texts(_ key: String) throws -> [String] { try list(key).map(cast) }

    func bool(_ key: String) throws -> Bool? { try get(key).map(cast) }

    func number(_ key: String) throws -> Int { try cast(need(key)) }

    func instant(_ key: String) throws -> Date? { try text(key).map(parsedInstant) }

    func word<Value>(_ key: String, _ words: [String: Value]) throws -> Value? { try get(key).map { try meaning($0, words) } }

    func needWord<Value>(_ key: String, _ words: [String: Value]) throws -> Value { try meaning(need(key), words) }

    func record<Value>(_ key: String, _ read: (Fields) throws -> Value) throws -> Value? {
        try get(key).map { try Fields.read($0, read) }
    }

    func needRecord<Value>(_ key: String, _ read: (Fields) throws -> Value) throws -> Value { try Fields.read(need(key), read) }

    func records<Value>(_ key: String, _ read: (Fields) throws -> Value) throws -> [Value] {
        try list(key).map { try Fields.read($0, read) }
    }

    /// The entries of an object with names of its own.
    func entries<Value>(_ key: String, _ read: (Any) throws -> Value) throws -> [String: Value] {
        let object: [String: Any] = try get(key).map(cast) ?? [:]
        return try object.mapValues(read)
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

func cast<Value>(_ json: Any) throws -> Value {
    guard let value = json as? Value else { throw Unexpected("found \(json), expected \(Value.self)") }
    return value
}

func meaning<Value>(_ json: Any, _ words: [String: Value]) throws -> Value {
    let text: String = try cast(json)
    guard let value = words[text] else { throw Unexpected("found the word `\(text)`, expected one of \(words.keys.sorted())") }
    return value
}

/// Whole seconds, as octroi counts.
func parsedInstant(_ text: String) throws -> Date {
    let format = ISO8601DateFormatter()
    for options: ISO8601DateFormatter.Options in [.withInternetDateTime, [.withInternetDateTime, .withFractionalSeconds]] {
        format.formatOptions = options
        if let date = format.date(from: text.uppercased()) { return Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)) }
    }
    throw Unexpected("no instant: \(text)")
}

/// An ISO 8601 duration of days and hours, in seconds.
func parsedHours(_ text: String) throws -> TimeInterval {
    var hours = 0
    var number = ""
    for letter in text {
        switch letter {
        case "P", "T": continue
        case "D": hours += (Int(number) ?? 0) * 24
        case "H": hours += Int(number) ?? 0
        default:
            number.append(letter)
            continue
        }
        number = ""
    }
    guard hours > 0, number.isEmpty else { throw Unexpected("no duration: \(text)") }
    return TimeInterval(hours * 3600)
}

/// A file of the repository.
func repositoryFile(_ path: String) -> URL {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<5 { root.deleteLastPathComponent() }
    return root.appendingPathComponent(path)
}

func json(_ path: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(contentsOf: repositoryFile(path)))
}

func parsed(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8))
}
