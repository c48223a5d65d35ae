package io.camure.transport.linux;

import io.camure.transport.DatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What {@link LinuxPortProvider} loads where Java is new enough. */
final class NativePortProvider implements PortProvider {

    @Override
    public String name() {
        return "linux";
    }

    /** Makes the calls that a port makes, as sandboxes and simulated kernels may have only some of them. */
    @Override
    public @Nullable String refusal() {
        try {
            UdpSocket socket = UdpSocket.open(false);
            try {
                MemorySegment callState = Libc.newCallState();
                check("recvmmsg", Libc.recvmmsg(callState, socket.fd(), 0, 0));
                check("sendmmsg", Libc.sendmmsg(callState, socket.fd(), 0, 0));
                MemorySegment timeout = Arena.global().allocate(Libc.TIMESPEC_BYTES, Long.BYTES);
                check("ppoll", Libc.ppoll(callState, 0, 0, timeout.address()));
                new WakeUp().close();
            } finally {
                socket.close();
            }
            return null;
        } catch (IOException e) {
            return e.getMessage();
        } catch (ExceptionInInitializerError e) {
            return e.getCause() instanceof IllegalCallerException
                    ? "native access is not allowed: start Java with --enable-native-access=ALL-UNNAMED, or with a jar that "
                            + "has Enable-Native-Access: ALL-UNNAMED in its manifest"
                    : "the C library can't be called: " + e.getCause();
        } catch (LinkageError | RuntimeException e) {
            return "the C library can't be called: " + e;
        }
    }

    private static void check(String what, int result) throws IOException {
        if (result < 0) {
            throw Libc.exception(what, -result);
        }
    }

    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        return LinuxDatagramPort.open(bindAddress, options);
    }
}
