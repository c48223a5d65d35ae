package io.camure.sealed;

import io.camure.test.CamureTestHost;
import io.camure.transport.DatagramPort;
import io.camure.transport.Execution;
import io.camure.transport.PortProvider;
import io.camure.transport.SystemExecution;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What somebody at the cables hears of a session, and, for who is to open it, the random numbers that its nodes have drawn. */
final class Recording {

    private static final int KEY_BYTES = 32;

    private final List<Datagram> datagrams = new ArrayList<>();
    private final List<byte[]> randomKeys = new ArrayList<>();

    /** As it left its sender. */
    record Datagram(InetSocketAddress from, InetSocketAddress to, byte[] bytes) {

        @Override
        public String toString() {
            return from + " -> " + to + ", " + bytes.length + " bytes: "
                    + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 40));
        }
    }

    /** Everything that was sent so far, in that order. */
    synchronized List<Datagram> datagrams() {
        return List.copyOf(datagrams);
    }

    /** What may be ephemeral keys: each 32 bytes that a node has drawn at once. */
    synchronized List<byte[]> randomKeys() {
        return List.copyOf(randomKeys);
    }

    private synchronized void add(Datagram datagram) {
        datagrams.add(datagram);
    }

    private synchronized void drawn(byte[] bytes) {
        if (bytes.length == KEY_BYTES) {
            randomKeys.add(bytes.clone());
        }
    }

    /** The threads, the clock and the random numbers of the system, of which the latter are recorded. */
    Execution execution() {
        return proxy(Execution.class, SystemExecution.instance(), (method, result) -> {
            if (method.equals("newRandom")) {
                return new SecureRandom() {

                    @Override
                    public void nextBytes(byte[] bytes) {
                        super.nextBytes(bytes);
                        drawn(bytes);
                    }
                };
            }
            return result;
        });
    }

    /** The network of a host, with this recording what is sent from there. */
    PortProvider at(CamureTestHost host) {
        return proxy(
                PortProvider.class,
                host,
                (method, result) -> result instanceof DatagramPort port ? recorded(port) : result);
    }

    /** Before they leave, since an answer may be here sooner than the call returns. */
    private DatagramPort recorded(DatagramPort port) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getName().equals("send")) {
                ByteBuffer run = ((ByteBuffer) arguments[0]).duplicate();
                while (run.hasRemaining()) {
                    byte[] bytes = new byte[Math.min((int) arguments[1], run.remaining())];
                    run.get(bytes);
                    add(new Datagram(port.localAddress(), (InetSocketAddress) arguments[2], bytes));
                }
            }
            return invoke(port, method, arguments);
        };
        return proxy(DatagramPort.class, handler);
    }

    private interface After {

        Object returned(String method, Object result);
    }

    private static <T> T proxy(Class<T> type, T target, After after) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object result = invoke(target, method, arguments);
            return after.returned(method.getName(), result);
        };
        return proxy(type, handler);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
