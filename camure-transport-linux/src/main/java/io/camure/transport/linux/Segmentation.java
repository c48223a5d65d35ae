package io.camure.transport.linux;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether datagrams leave as trains that the kernel or the network card cuts: not if they are longer than the MTU, and not at all
 * where the kernel can't do it.
 */
final class Segmentation {

    private static final int IPV4_HEADERS_BYTES = 20 + 8;
    private static final int IPV6_HEADERS_BYTES = 40 + 8;

    private static final Logger log = LoggerFactory.getLogger(Segmentation.class);

    private final InetSocketAddress localAddress;
    private final NetworkInterface networkInterface;

    /** Datagrams of so many bytes and longer ones leave one by one. */
    private int refusedBytes;

    /** @param tried whether to do it until it is refused */
    Segmentation(InetSocketAddress localAddress, NetworkInterface networkInterface, boolean tried) {
        this.localAddress = localAddress;
        this.networkInterface = networkInterface;
        refusedBytes = tried ? Integer.MAX_VALUE : 0;
    }

    boolean takes(int datagramBytes) {
        return datagramBytes < refusedBytes;
    }

    /**
     * What kernels answer when the interface has no checksum offload (EIO), when a datagram is longer than the MTU (EINVAL,
     * EMSGSIZE), and when they can't do it at all.
     */
    static boolean isRefusal(int errno) {
        return switch (errno) {
            case Libc.EIO, Libc.EINVAL, Libc.EMSGSIZE, Libc.ENOPROTOOPT, Libc.EOPNOTSUPP -> true;
            default -> false;
        };
    }

    /** A train was refused whose datagrams were taken one by one. */
    void onRefused(int datagramBytes, InetSocketAddress destination, int errno) {
        if (!takes(datagramBytes)) {
            // One more of those that were collected before.
            return;
        }
        int mtu = errno == Libc.EINVAL || errno == Libc.EMSGSIZE ? mtuTowards(destination) : -1;
        int fitting =
                mtu - (SocketAddresses.isIpv6(destination.getAddress()) ? IPV6_HEADERS_BYTES : IPV4_HEADERS_BYTES);
        if (mtu > 0 && fitting < datagramBytes) {
            refusedBytes = datagramBytes;
            log.warn(
                    "{}: datagrams of {} bytes are sent one by one, which takes more processor time: the MTU towards {} is"
                            + " {}, and segmentation offload is for datagrams that fit it. Set chunk-size"
                            + " (camure.coordinator.chunk-size) to auto, or to at most {} bytes",
                    localAddress,
                    datagramBytes,
                    destination.getAddress().getHostAddress(),
                    mtu,
                    fitting);
        } else {
            refusedBytes = 0;
            log.info(
                    "{}: datagrams are sent one by one, as segmentation offload is refused for datagrams of {} bytes: {}",
                    localAddress,
                    datagramBytes,
                    Libc.describe(errno));
        }
    }

    /** As far as the kernel knows, or -1. */
    private int mtuTowards(InetSocketAddress destination) {
        InetAddress ip = destination.getAddress();
        try {
            return ip.isMulticastAddress()
                    ? networkInterface.getMTU()
                    : UdpSocket.mtuTowards(destination, networkInterface.getIndex());
        } catch (IOException e) {
            return -1;
        }
    }
}
