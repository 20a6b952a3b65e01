#!/usr/bin/env bash
# A real, throwaway Kafka broker for demos and for trying things out; nothing of the machine is changed.
#
#   eng/kafka.sh ensure                             make sure a broker can be had, say which
#   eng/kafka.sh start NAME DIR PORT [key=value]…   start (or restart, on the same data) the broker that lives in DIR; PORT 0 = a free one
#   eng/kafka.sh env DIR                            its facts as NAME=value lines: HOST PORT PID DIR FROM
#   eng/kafka.sh cli DIR CLASS [option]…            one of Kafka's own tools, as in org.apache.kafka.tools.TopicCommand --list
#   eng/kafka.sh stop DIR [kill]                    stop it; kill = at once, as a power cut would
#
# Where the broker comes from, first match wins (KAFKA_FROM=home|docker forces one):
#   home    KAFKA_HOME: a Kafka distribution (4.0 or newer; a folder with libs/*.jar) and java 17 or newer
#   docker  image KAFKA_IMAGE (default apache/kafka:4.1.0), when an engine answers
#
# One node, one plain listener on 127.0.0.1, transactions without replicas, topics made only when asked.
# SERVERS_OWNER_PID: the broker stops by itself once that process is gone.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SERVERS_USER=${SERVERS_USER:-$(id -un)}      # Kafka runs as whoever starts it
. "$here/server.sh"

image=${KAFKA_IMAGE:-apache/kafka:4.1.0}
java=(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn)

has_home() { ls "${KAFKA_HOME:-/none}"/libs/kafka-clients-*.jar >/dev/null 2>&1 && command -v java >/dev/null; }

# Sets FROM.
find_broker() {
  case ${KAFKA_FROM:-any} in
    home) has_home || die "KAFKA_FROM=home, but KAFKA_HOME has no libs/kafka-clients-*.jar, or there is no java"; FROM=home;;
    docker) docker_answers || die "KAFKA_FROM=docker, but no Docker engine answers"; FROM=docker;;
    any)
      if has_home; then FROM=home
      elif docker_answers; then FROM=docker
      else die "no Kafka here: unpack a Kafka distribution, put java 17 on PATH and set KAFKA_HOME; or start Docker"; fi;;
    *) die "KAFKA_FROM is home or docker";;
  esac
}

ensure() { find_broker; if [ "$FROM" = home ]; then echo "Kafka: $KAFKA_HOME"; else echo "Kafka: docker $image"; fi; }

start() {
  [ $# -ge 3 ] || die "usage: kafka.sh start NAME DIR PORT [key=value]…"
  local name=$1 dir port=$3; mkdir -p "$2"; dir=$(cd "$2" && pwd); shift 3
  find_broker
  if [ -e "$dir/env" ]; then port=$(sed -n 's/^PORT=//p' "$dir/env")
  else
    [ "$port" != 0 ] || port=$(free_port)
    properties "$dir" "$port" "$(free_port)" "$@" > "$dir/server.properties"
  fi
  if [ "$FROM" = docker ]; then start_container "$name" "$dir" "$port"; else start_process "$name" "$dir" "$port"; fi
  wait_until 60 answers "$port" || { tail -20 "$dir/server.log" >&2 || true; stop "$dir" kill; die "Kafka of $name does not answer"; }
  stop_with_owner "$dir"
  log "$name: Kafka ($FROM) on 127.0.0.1:$port"
}

properties() {
  local dir=$1 port=$2 controller=$3; shift 3
  cat <<CONF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=PLAIN://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAIN:PLAINTEXT
inter.broker.listener.name=PLAIN
log.dirs=$([ "$FROM" = docker ] && echo /tmp/kafka-data || echo "$dir/data")
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
CONF
  local setting; for setting; do echo "$setting"; done
}

start_process() {
  local name=$1 dir=$2 port=$3
  [ -e "$dir/data/meta.properties" ] ||
    "${java[@]}" -cp "$KAFKA_HOME/libs/*" kafka.tools.StorageTool format -t Y2RjZmxvdy1kZW1vLTAwMQ -c "$dir/server.properties" > "$dir/format.log" 2>&1 ||
    { cat "$dir/format.log" >&2; die "the broker's storage could not be formatted"; }
  # A session of its own: Ctrl-C in the terminal is for the pipeline; whoever started the broker stops it.
  ( exec setsid "${java[@]}" -Xmx"${KAFKA_HEAP:-512m}" -cp "$KAFKA_HOME/libs/*" kafka.Kafka "$dir/server.properties" </dev/null >> "$dir/server.log" 2>&1 ) &
  local pid=$!
  facts "NAME=$name" HOST=127.0.0.1 "PORT=$port" "PID=$pid" "DIR=$dir" FROM=home > "$dir/env"
  disown "$pid"
}

# The host's network, since the port that clients are told of must be the one that they reach.
start_container() {
  local name=$1 dir=$2 port=$3 box; box=cdcflow-$name-$port
  docker start "$box" >/dev/null 2>&1 ||
    docker run -d --name "$box" --network host -v "$dir/server.properties:/mnt/shared/config/server.properties:ro" "$image" >/dev/null
  facts "NAME=$name" HOST=127.0.0.1 "PORT=$port" "PID=$(docker inspect -f '{{.State.Pid}}' "$box")" "DIR=$dir" FROM=docker "BOX=$box" > "$dir/env"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

cli() {
  local dir=$1 class=$2 FROM='' PORT='' BOX=''; shift 2
  . "$dir/env"
  case $FROM in
    docker) exec docker exec -i "$BOX" java -cp '/opt/kafka/libs/*' "$class" --bootstrap-server "127.0.0.1:$PORT" "$@";;
    *) exec "${java[@]}" -cp "$KAFKA_HOME/libs/*" "$class" --bootstrap-server "127.0.0.1:$PORT" "$@";;
  esac
}

stop() {
  local dir=$1 how=${2:-term} FROM='' PID='' BOX=''
  [ -e "$dir/env" ] || return 0
  . "$dir/env"
  case $FROM-$how in
    docker-kill) docker kill "$BOX" >/dev/null 2>&1 || true;;
    docker-*) docker stop "$BOX" >/dev/null 2>&1 || true; docker rm "$BOX" >/dev/null 2>&1 || true;;
    *-kill) stop_pid "$PID" KILL;;
    *) stop_pid "$PID" TERM;;
  esac
}

verb=${1:-help}; shift || true
case $verb in
  ensure) ensure;;
  start) start "$@";;
  stop) [ $# -ge 1 ] || die "usage: kafka.sh stop DIR [kill]"; stop "$@";;
  cli) [ $# -ge 2 ] || die "usage: kafka.sh cli DIR CLASS [option]…"; cli "$@";;
  env) [ -e "${1:?DIR}/env" ] || die "no broker was started in $1"; cat "$1/env";;
  stop-with-owner) ! outlived_owner "$1" gone "$3" || stop "$2";;
  *) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; [ "$verb" = help ] || exit 2;;
esac
