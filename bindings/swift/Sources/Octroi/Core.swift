// Whoever embeds octroi imports `Octroi` and has all of it.
@_exported import OctroiCore

extension OctroiError: CustomStringConvertible {}
extension PortError: CustomStringConvertible {}
