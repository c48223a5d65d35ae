package io.camure.doctor;

import io.camure.transport.DatagramPort;
import io.camure.transport.NioDatagramPort;
import io.camure.transport.PortOptions;
import io.camure.transport.PortProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BiPredicate;

/** This machine's network, which loses some of what is sent, by rule. */
record NarrowNetwork(BiPredicate<ByteBuffer, InetSocketAddress> loses) implements PortProvider {

    /** Loses what is longer. */
    static NarrowNetwork upTo(int bytes) {
        return new NarrowNetwork((datagram, destination) -> datagram.remaining() > bytes);
    }

    /** Loses what is longer and goes to a multicast address. */
    static NarrowNetwork upToByMulticast(int bytes) {
        return new NarrowNetwork((datagram, destination) ->
                destination.getAddress().isMulticastAddress() && datagram.remaining() > bytes);
    }

    @Override
    public String name() {
        return "narrow";
    }

    @Override
    public String refusal() {
        return null;
    }

    @Override
    public DatagramPort open(InetSocketAddress bindAddress, PortOptions options) throws IOException {
        DatagramPort port = NioDatagramPort.open(bindAddress, options);
        return (DatagramPort) Proxy.newProxyInstance(
                DatagramPort.class.getClassLoader(),
                new Class<?>[] {DatagramPort.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("send")
                            && loses.test((ByteBuffer) arguments[0], (InetSocketAddress) arguments[2])) {
                        return null;
                    }
                    try {
                        return method.invoke(port, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
