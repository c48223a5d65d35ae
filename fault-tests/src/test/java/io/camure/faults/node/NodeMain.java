package io.camure.faults.node;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** What a node's process runs: does what comes in on standard input, each task on a thread of its own, and answers. */
final class NodeMain {

    private final Node node = new Node();
    private final ObjectOutputStream replies;

    /** @param number which reply is this one's */
    record Request(int number, NodeTask<?> task) implements Serializable {}

    /** Either a value or a failure. */
    record Reply(int number, Serializable value, Throwable failure) implements Serializable {}

    private NodeMain(ObjectOutputStream replies) {
        this.replies = replies;
    }

    public static void main(String[] arguments) throws Exception {
        NodeMain main = new NodeMain(new ObjectOutputStream(System.out));
        // What anybody prints must not get between the replies.
        System.setOut(System.err);
        try (ObjectInputStream requests = new ObjectInputStream(new BufferedInputStream(System.in))) {
            main.serve(requests);
        } catch (EOFException e) {
            // Without its test a node has nothing to live for.
            Runtime.getRuntime().halt(1);
        }
    }

    private void serve(ObjectInputStream requests) throws IOException, ClassNotFoundException {
        while (true) {
            Request request = (Request) requests.readObject();
            Thread thread = new Thread(() -> run(request), "task-" + request.number());
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run(Request request) {
        Reply reply;
        try {
            reply = new Reply(request.number(), request.task().run(node), null);
        } catch (Throwable e) {
            reply = new Reply(request.number(), null, e);
        }
        synchronized (replies) {
            try {
                replies.writeObject(reply);
                replies.reset();
                replies.flush();
            } catch (IOException e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        }
    }
}
