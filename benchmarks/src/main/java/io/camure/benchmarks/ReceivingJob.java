package io.camure.benchmarks;

import io.camure.benchmarks.Contender.Side;
import java.io.IOException;

/** A member's side of a broadcast. */
final class ReceivingJob implements Job {

    private final Side receiver;
    private final Receipt receipt;
    private final Node node;

    ReceivingJob(Side receiver, Receipt receipt, Node node) {
        this.receiver = receiver;
        this.receipt = receipt;
        this.node = node;
    }

    @Override
    public void run(Fields command) throws Exception {
        switch (command.word()) {
            case "gather" -> {
                receiver.gather();
                node.reply(Fields.of("gathered"));
            }
            case "receive" -> {
                long datagrams = Usage.datagrams();
                Receipt.Batch batch =
                        receipt.expect(command.number("size"), command.number("count"), command.text("stamps"));
                node.reply(Fields.of("armed"));
                node.reply(batch.await().with("datagrams", Usage.datagrams() - datagrams));
            }
            default -> throw new IllegalArgumentException("a receiver does not know '" + command + "'");
        }
    }

    @Override
    public void close() throws IOException {
        receiver.close();
    }
}
