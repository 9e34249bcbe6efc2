package be.octroi

import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.Proxy
import java.net.Socket
import java.net.SocketAddress
import javax.net.SocketFactory

/**
 * Makes sockets that connect to internal hosts only while the device has a permit, and fail with [AccessDenied] before they connect otherwise.
 *
 * For those who open connections themselves. Sockets connect directly, never through a proxy of the system: what lies behind one has another name.
 */
public class GuardedSocketFactory(private val guard: AccessGuard) : SocketFactory() {
    override fun createSocket(): Socket = GuardedSocket(guard)

    override fun createSocket(host: String, port: Int): Socket = connected(host, port, from = null)

    override fun createSocket(host: String, port: Int, localHost: InetAddress?, localPort: Int): Socket =
        connected(host, port, from = InetSocketAddress(localHost, localPort))

    override fun createSocket(host: InetAddress, port: Int): Socket = connected(InetSocketAddress(host, port), from = null)

    override fun createSocket(address: InetAddress, port: Int, localAddress: InetAddress?, localPort: Int): Socket =
        connected(InetSocketAddress(address, port), from = InetSocketAddress(localAddress, localPort))

    private fun connected(host: String, port: Int, from: SocketAddress?): Socket {
        // Asked before the name is resolved: who may not connect need not learn the address.
        guard.requireAccess(host)
        return connected(InetSocketAddress(host, port), from)
    }

    private fun connected(to: SocketAddress, from: SocketAddress?): Socket {
        val socket = createSocket()
        try {
            from?.let(socket::bind)
            socket.connect(to)
        } catch (error: Exception) {
            socket.close()
            throw error
        }
        return socket
    }
}

private class GuardedSocket(private val guard: AccessGuard) : Socket(Proxy.NO_PROXY) {
    // The connecting without a time limit ends up here, too.
    override fun connect(endpoint: SocketAddress?, timeout: Int) {
        if (endpoint is InetSocketAddress) guard.requireAccess(endpoint)
        super.connect(endpoint, timeout)
    }
}
