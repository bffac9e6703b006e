"""The same job with boto3, as a contender of bench/run.

    consumer.py single    as the public solutions of the exercise do it: one insert, commit and delete per message
    consumer.py batched   8 threads; one insert of up to 10 rows, one commit and one delete call per receive

Queue, database and credentials come from the environment. SIGTERM ends it.
"""

import datetime
import hashlib
import json
import os
import signal
import sys
import threading

import boto3
import psycopg
from botocore.config import Config

THREADS = 8
INSERT = """INSERT INTO user_logins
    (user_id, device_type, masked_ip, masked_device_id, locale, app_version, create_date)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""

stopped = threading.Event()


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def packed(version):
    parts = (version.split(".") + ["0", "0"])[:3]
    return int(parts[0]) << 16 | int(parts[1]) << 8 | int(parts[2])


def row(message):
    event = json.loads(message["Body"])
    sent = int(message["Attributes"]["SentTimestamp"]) / 1000
    return (
        event["user_id"],
        event["device_type"],
        sha256(event["ip"]),
        sha256(event["device_id"]),
        event["locale"],
        packed(event["app_version"]),
        datetime.datetime.fromtimestamp(sent, datetime.timezone.utc).date(),
    )


def receive(sqs, queue):
    return sqs.receive_message(
        QueueUrl=queue,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["SentTimestamp"],
    ).get("Messages", [])


def single(sqs, queue, connection):
    while not stopped.is_set():
        for message in receive(sqs, queue):
            with connection.cursor() as cursor:
                cursor.execute(INSERT, row(message))
            connection.commit()
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def batched(sqs, queue, connection):
    while not stopped.is_set():
        messages = receive(sqs, queue)
        if messages:
            with connection.cursor() as cursor:
                cursor.executemany(INSERT, [row(message) for message in messages])
            connection.commit()
            sqs.delete_message_batch(
                QueueUrl=queue,
                Entries=[
                    {"Id": str(at), "ReceiptHandle": message["ReceiptHandle"]}
                    for at, message in enumerate(messages)
                ],
            )


def work(loop):
    try:
        sqs = boto3.session.Session().client("sqs", config=Config(max_pool_connections=1))
        with psycopg.connect(os.environ["BENCH_CONSUMER_DATABASE"]) as connection:
            loop(sqs, os.environ["BENCH_CONSUMER_QUEUE"], connection)
    except BaseException:
        # A thread that dies silently would only make the figures worse.
        os.kill(os.getpid(), signal.SIGABRT)
        raise


def main():
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.set())
    loop, threads = (batched, THREADS) if sys.argv[1] == "batched" else (single, 1)
    workers = [threading.Thread(target=work, args=(loop,)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
