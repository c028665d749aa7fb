#!/usr/bin/env bash
# Checks a bundle of archiver with bash (4.4 or newer), GNU coreutils and openssl (3 or newer), without any network.
#
#     bash verify.sh [--key FINGERPRINT] [--roots FILE] [FOLDER]
#
# FINGERPRINT is the archive's, told to you on another way than this bundle. FILE holds the root certificates (PEM) of
# the time-stamping authorities that you trust, had from them. FOLDER is the bundle; by default the one that this file
# lies in. Whoever can change the bundle can change this file too: take it from another place if you can.
# Ends with 0: all holds, and the key is the one you named; 2: all holds, and you named no key; 1: something does not;
# 3: nothing was checked, for a tool here is missing or another one than is needed, or the command was no such command.
set -uo pipefail
export LC_ALL=C
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) ||
    { echo "NOT CHECKED: this bash is $BASH_VERSION, not 4.4 or newer. VERIFY.md names what is needed."; exit 3; }
told() { printf '%s\n' "${*//[^[:print:]]/?}"; } # what a bundle says may hold anything; only plain characters are shown
fault() { told "WRONG: $*"; faults=$((faults + 1)); }
stop() { told "WRONG: $*"; told 'Nothing is proved.'; exit 1; }
unfit() { told "NOT CHECKED: $*"; told 'This says nothing about the bundle. VERIFY.md names what is needed.'; exit 3; }
shopt -s dotglob nullglob globstar
wanted='' roots='' folder=${BASH_SOURCE[0]%/*} faults=0
[ "$folder" != "${BASH_SOURCE[0]}" ] || folder=.
while (($#)); do
    case $1 in
    --key) wanted=${2-}; shift; [[ $wanted =~ ^[0-9a-f]{64}$ ]] || unfit 'a fingerprint has 64 digits, 0-9 and a-f' ;;
    --roots) roots=${2-}; shift; [ -r "$roots" ] || unfit 'no file of root certificates' ;;
    -*) unfit "no such option: $1" ;;
    *) folder=$1 ;;
    esac
    shift
done
[[ -z $roots || $roots = /* ]] || roots=$PWD/$roots
unset CDPATH # or it may lead to a folder of that name elsewhere
cd -- "$folder" || unfit "no folder $folder"
for tool in openssl sha256sum base64 tail od tr sort date mktemp rm; do type -P "$tool" >/dev/null || unfit "$tool is missing"; done
[[ $(openssl version 2>&1) =~ ^OpenSSL\ ([0-9]+) ]] && ((BASH_REMATCH[1] >= 3)) || unfit "openssl is $(openssl version 2>&1), not OpenSSL 3 or newer"
[ "$(date -u -d @0 +%Y 2>/dev/null)" = 1970 ] && sha256sum --check --strict --quiet < <(sha256sum /dev/null) >/dev/null 2>&1 ||
    unfit 'date and sha256sum are not those of GNU coreutils'
scratch=$(mktemp -d) || unfit 'no room for temporary files'
trap 'rm -rf -- "$scratch"' EXIT

# What things look like. No number begins with 0, and none is too large for bash.
hash='([0-9a-f]{64})' number='(0|[1-9][0-9]{0,11})' text='"(([^"\\]|\\.)*)"' field='([a-z][a-z0-9_]*)'
form='^\{"actor":'$text',"commitment":"'$hash'","format":"archiver-event-1","key":"'$hash'","kind":"([a-z-]+)","log":'$text
form+=',"previous":(null|"'$hash'"),"sequence":'$number',"subject":"'$hash'","time":'$text',"tool":'$text'\}$'
genTime=$'\n''Time stamp: ([A-Z][a-z]{2} +[0-9]+ [0-9:]{8})(\.[0-9]+)? ([0-9]{4}) GMT'$'\n'

# same LIST LINE...: whether a list of the bag names these files with these digests, and no others.
same() {
    [ "$(sort "$1")" = "$(printf '%s\n' "${@:2}" | sort)" ] || fault "$1 does not name a file, or has a line that is none of its own"
}
# bytes HEX: writes the bytes.   sha256: the digest of what comes in, into $digest.   node LEFT RIGHT: the hash of a node
# of the tree (RFC 6962), into $digest; many proofs share their upper nodes.
declare -A nodes=() from=() before=() # from[KEY], before[KEY]: the events that a key may have signed
bytes() { local i out=''; for ((i = 0; i < ${#1}; i += 2)); do out+="\\x${1:i:2}"; done; printf "$out"; }
sha256() { digest=$(sha256sum) && digest=${digest%% *}; }
node() { digest=${nodes[$1$2]-}; [ -n "$digest" ] || { sha256 < <(bytes "01$1$2"); nodes[$1$2]=$digest; }; }
# climb PLACE LAST STEP...: whether these steps lead from $new at a place up to $root (RFC 9162, 2.1.3.2); on the way
# $old, unless it is empty, becomes the root of the earlier tree that ended at that place (2.1.4.2).
climb() {
    local place=$1 last=$2 step
    for step in "${@:3}"; do
        ((last)) || return 1
        if ((place & 1 || place == last)); then
            [ -z "$old" ] || { node "$step" "$old"; old=$digest; }
            node "$step" "$new"
            while ((place && !(place & 1))); do ((place >>= 1, last >>= 1)); done
        else node "$new" "$step"; fi
        new=$digest; ((place >>= 1, last >>= 1))
    done
    ((!last)) && [ "$new" = "$root" ]
}
# grew SIZE ROOT: whether the log of $size and $root begins with that one, by the hashes in $proof.
grew() {
    local place=$(($1 - 1)) last=$((size - 1)) hashes=("${proof[@]}")
    if (($1 >= size)); then (($1 == size && !${#proof[@]})) && [ "$2" = "$root" ]; return; fi
    (($1 & ($1 - 1))) || hashes=("$2" "${proof[@]}")
    while ((place & 1)); do ((place >>= 1, last >>= 1)); done
    old=${hashes[0]-} new=$old
    [ -n "$old" ] && climb "$place" "$last" "${hashes[@]:1}" && [ "$old" = "$2" ]
}
# fingerprint FILE: that of an Ed25519 key, into $digest. No other kind: one of RSA can be made to end in any bytes.
fingerprint() {
    digest=$(openssl pkey -pubin -in "$1" -outform DER 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
    [[ $digest =~ ^302a300506032b6570032100$hash$ ]] && sha256 < <(bytes "${BASH_REMATCH[1]}")
}
# signed FILE KEY SIGNATURE: whether the key of that fingerprint signed the file; the signature is in base64.
signed() {
    local pem=data/key.pem
    [ "$2" = "$key" ] || pem=data/keys/$2.pem
    base64 -d <<<"$3" >"$scratch/signature" 2>/dev/null
    openssl pkeyutl -verify -pubin -inkey "$pem" -rawin -in "$1" -sigfile "$scratch/signature" >/dev/null 2>&1
}
# checkpoint FILE: reads a head of the log (C2SP tlog-checkpoint) into $origin, $size and $root; whether the key that was
# in force there signed it.
checkpoint() {
    local line by lines good=''
    mapfile -t lines <"$1" && origin=${lines[0]-} size=${lines[1]-} root=${lines[2]-}
    [[ $size =~ ^[1-9][0-9]{0,17}$ ]] || return 1
    printf '%s\n' "${lines[@]:0:3}" >"$scratch/text"
    for line in "${lines[@]:4}"; do
        for by in "${!from[@]}"; do
            [[ $line == '— '"$origin "* ]] && ((size >= from[$by] && size < ${before[$by]:-size + 1})) &&
                signed "$scratch/text" "$by" "$(base64 -d <<<"${line##* }" 2>/dev/null | tail -c +5 | base64)" && good=1
        done
    done
    root=$(base64 -d <<<"$root" 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
    [ -n "$good" ] && [[ $root =~ ^$hash$ ]]
}
# token DATA ROOTS: whether the time stamp $base.tsr answers $base.tsq, is over the file DATA, and leads to these roots.
token() {
    local same=(openssl ts -verify -partial_chain -attime "$seconds" -CAfile "$2" -untrusted "$base.pem" -in "$base.tsr")
    "${same[@]}" -queryfile "$base.tsq" >/dev/null 2>&1 && "${same[@]}" -data "$1" >/dev/null 2>&1
}
# unrevoked HOW: whether the lists in $base.crl held at the stamp's time, or a little later, and have none of its chain.
unrevoked() {
    local at same=(openssl verify -partial_chain "$1" -purpose timestampsign -CAfile "$scratch/root" -untrusted "$base.pem")
    for at in 0 60; do
        answer=$("${same[@]}" -attime $((seconds + at)) -CRLfile "$base.crl" "$base.pem" 2>&1) && return
    done
    [[ $1 = -crl_check && $answer == *'unable to get certificate CRL'* && $answer != *revoked* ]] # none of the signer's
}
# stamp DATA WHAT: checks the time stamp $base (RFC 3161) at its own time, with all that lies beside it; tells of it.
stamp() {
    local answer time pem whose=${base##*/} signer=$scratch/signer
    whose=${whose#stamped.} whose=${whose%%.*} stamped=$((stamped + 1))
    [ -f "$base.tsr" ] && [ -f "$base.tsq" ] && [ -f "$base.pem" ] || { fault "$base is no whole time stamp"; return 1; }
    [[ $'\n'$(openssl ts -reply -in "$base.tsr" -token_out -text 2>/dev/null)$'\n' =~ $genTime ]] &&
        seconds=$(date -u -d "${BASH_REMATCH[1]} ${BASH_REMATCH[3]} UTC" +%s) || { fault "$base.tsr is no time stamp"; return 1; }
    time=$(date -u -d "@$seconds" '+%Y-%m-%d %H:%M:%S UTC') pem=$(<"$base.pem")
    printf '%s\n' "-----BEGIN CERTIFICATE-----${pem##*-----BEGIN CERTIFICATE-----}" >"$scratch/root" # the last of the chain
    token "$1" "$scratch/root" || { fault "$base does not hold: it is no time stamp over $1"; return 1; }
    # The first certificate must be the one that signed the token, or another one would be looked up among the revoked.
    openssl ts -reply -in "$base.tsr" -token_out 2>/dev/null | openssl cms -verify -inform DER -noverify \
        -certfile "$base.pem" -signer "$signer" -out /dev/null >/dev/null 2>&1 &&
        [ "$(openssl x509 -in "$signer")" = "$(openssl x509 -in "$base.pem" 2>/dev/null)" ] ||
        { fault "$base.pem does not begin with the certificate of the signer"; return 1; }
    if [ ! -f "$base.crl" ] || ! unrevoked -crl_check_all; then # where not all lists are here: that of the signer
        uncertain+=" ${base##*/}"
        [ ! -f "$base.crl" ] || unrevoked -crl_check ||
            { fault "$base.crl: it is no list that held then, or the certificate was revoked"; return 1; }
    fi
    [ -n "$roots" ] && token "$1" "$roots" && bounded+=$'\n'"1|  $2 existed at $time, as $whose says, whose root you named." && return
    sha256 < <(openssl x509 -in "$scratch/root" -outform DER)
    unnamed+=$'\n'"1|  $2 existed at $time, as $whose would say,"$'\n'"1|    whose root is $digest"
    return 1
}

# 1. Every file is listed, and is what the lists say (BagIt: RFC 8493). No link is followed, for it could lead anywhere.
files=0 litter='' stamping='' payload=() beside=()
declare -A listed=([files.sha256]=1 [files.sha256.sig]=1 [tagmanifest-sha256.txt]=1) said=() held=() newest=()
for path in **; do
    [ ! -L "$path" ] || stop "$path is a link, and no file"
    [ -d "$path" ] || [ -f "$path" ] || stop "$path is no regular file"
done
for path in "${!listed[@]}" manifest-sha256.txt data/{key.pem,checkpoint.txt}; do [ -f "$path" ] || stop "$path is missing"; done
while IFS= read -r line || [ -n "$line" ]; do
    if [[ $line =~ ^[0-9a-f]{64}'  '([A-Za-z0-9_./-]+)$ && ${BASH_REMATCH[1]} != *..* && ${BASH_REMATCH[1]} != /* ]]; then
        listed[${BASH_REMATCH[1]}]=1
        [[ ${BASH_REMATCH[1]} = data/* ]] && payload+=("$line") || beside+=("$line")
    else
        [[ $line = '# '* ]] && said[$line]=1 || stop "files.sha256 has a line that is none of its own: $line"
        [[ ! $line =~ ^'# item '$hash$ ]] || held[${BASH_REMATCH[1]}]=1
        [[ ! $line =~ ^'# newest '$hash' '$number' '[1-9][0-9]{0,17}$ ]] || newest[${BASH_REMATCH[1]}]=${line#* * * }
        [[ ! $line =~ ^'# stamping '[a-z0-9-]+$ ]] || stamping+=" ${line##* }"
    fi
done <files.sha256
sha256sum --check --strict --quiet files.sha256 >"$scratch/answer" 2>&1 ||
    while IFS= read -r line; do fault "files.sha256: $line"; done <"$scratch/answer"
same manifest-sha256.txt "${payload[@]}"
same tagmanifest-sha256.txt "${beside[@]}" "$(sha256sum files.sha256 files.sha256.sig)"
for path in **; do
    if [ -d "$path" ]; then
        inside=("$path"/*)
        ((${#inside[@]})) || fault "$path is a folder that holds nothing of the bundle"
        continue
    fi
    [[ ! $path =~ ^stamped\.[a-z0-9-]+\.(tsr|tsq|pem|crl|ocsp)$ || ! -f ${path%.*}.tsr ]] || continue # made after it: see 9
    if [ -n "${listed[$path]-}" ]; then files=$((files + 1))
    elif [[ ${path##*/} =~ ^(\.DS_Store|\._.+|Thumbs\.db|desktop\.ini)$ ]]; then litter+=$'\n'"1|  ${path//[^[:print:]]/?}"
    else fault "$path is in no list"; fi
done

# 2. Whose key it is. That the key is the archive's, nothing in a bundle can prove.   3. The list of files is signed.
fingerprint data/key.pem || stop 'data/key.pem is no Ed25519 key'
key=$digest from[$key]=0
[ -n "${said["# key $key"]-}" ] || fault 'the list of files names another key'
signed files.sha256 "$key" "$(base64 files.sha256.sig 2>/dev/null)" || fault 'the signature of files.sha256 is not by this key'

# 4. The checkpoint, the head of the log, is signed (C2SP tlog-checkpoint).
checkpoint data/checkpoint.txt || fault 'the signature of data/checkpoint.txt is not by this key'
[[ $size =~ ^[1-9][0-9]{0,17}$ ]] || stop 'the checkpoint has no size'
log=${origin//\\/\\\\} log=${log//\"/\\\"} head=("$origin" "$size" "$root")
[ -n "${said["# checkpoint $size"]-}" ] && [ -n "${said["# log \"$log\""]-}" ] || fault 'the list names another checkpoint'

# 5. Where the archive exchanged its key: each one signed that it gives way to the next, which signed that it takes over.
doubtful=''
if [ -f data/keys.txt ]; then
    from=() last=''
    while read -r word place old new endorsement possession; do
        if [[ $word = first && -z $last && $place =~ ^$hash$ ]]; then last=$place from[$place]=0
        elif [[ $word = rotation && $place =~ ^$number$ && -n $last && $old = "$last" && $new =~ ^$hash$ ]] &&
            [ -z "${from[$new]-}" ] && ((place >= from[$old])); then
            printf '%s\n' archiver-key-rotation-1 "log $origin" "event $place" "old $old" "new $new" >"$scratch/text"
            for by in "$old $endorsement" "$new $possession"; do
                signed "$scratch/text" "${by% *}" "${by#* }" ||
                    fault "data/keys.txt: the key ${by% *} did not sign that the key is exchanged at event $place"
            done
            last=$new from[$new]=$((place + 1)) before[$old]=$((place + 1))
        elif [[ $word = doubtful && $place =~ ^$number$ && $old =~ ^$number$ ]]; then doubtful+=" $place-$old"
        elif [ "$word$place" != archiver-keys-1 ]; then fault "data/keys.txt has a line out of its order: $word"; fi
    done <data/keys.txt
    for by in "${!from[@]}"; do
        fingerprint "data/keys/$by.pem" && [ "$digest" = "$by" ] || fault "data/keys/$by.pem is another key than its name"
    done
    [ "$last" = "$key" ] && ((size >= from[$key])) || fault 'data/key.pem is not the key that data/keys.txt leads to'
fi
[ -z "$wanted" ] || [ -n "${from[$wanted]-}" ] || fault "the bundle is signed by ANOTHER KEY: $key"

# 6. Each event: its leaf, its signature, its fields, and that it stands in the log (RFC 6962) at its place.
declare -A place_of=() subject_of=() previous_of=() taken_in=()
events=0 opened=0 sealed=0 erased=0 shown=0 hidden=0
for file in data/events/*; do
    [ -n "${listed[$file]-}" ] || continue # it was named above
    events=$((events + 1)) place='' leaf='' envelope='' signature='' digests='' gone='' proof=()
    IFS= read -r line <"$file" && [ "$line" = archiver-event-file-1 ] || fault "$file is no event"
    while IFS= read -r line || [ -n "$line" ]; do
        if [[ $line =~ ^(place|leaf|envelope|signature)' '(.+)$ && -z ${!BASH_REMATCH[1]} ]]; then
            printf -v "${BASH_REMATCH[1]}" '%s' "${BASH_REMATCH[2]}"
        elif [[ $line =~ ^proof' '$hash$ ]]; then proof+=("${BASH_REMATCH[1]}")
        elif [[ $line =~ ^hidden' '$field' '$hash$ ]]; then
            digests+=",\"${BASH_REMATCH[1]}\":\"${BASH_REMATCH[2]}\"" hidden=$((hidden + 1))
        elif [[ $line =~ ^shown' '$field' '$hash' '(.+)$ ]]; then # a field, its salt, and its value in JSON
            sha256 < <(bytes "${BASH_REMATCH[2]}"; printf '%s' "${BASH_REMATCH[3]}")
            digests+=",\"${BASH_REMATCH[1]}\":\"$digest\"" shown=$((shown + 1))
        elif [ "$line" = erased ]; then gone=1 erased=$((erased + 1))
        elif [ "$line" != archiver-event-file-1 ]; then fault "$file has a line of another kind, or twice: ${line%% *}"; fi
    done <"$file"
    [[ $place =~ ^$number$ && $leaf =~ ^$hash$ ]] || { fault "$file has no place or no leaf"; continue; }
    [ "$file" = "$(printf 'data/events/%012d.txt' "$place")" ] || fault "$file is not the event that its name says"
    place_of[$leaf]=$place old='' new=$leaf
    ((place < size)) && climb "$place" $((size - 1)) "${proof[@]}" || fault "$file: it is not in the log at this place"
    [ -n "$envelope$signature$digests$gone" ] || { sealed=$((sealed + 1)); continue; }
    [[ $envelope =~ $form ]] || { fault "$file: the envelope has another form"; continue; }
    commitment=${BASH_REMATCH[3]} by=${BASH_REMATCH[4]} kind=${BASH_REMATCH[5]} of=${BASH_REMATCH[6]}
    previous_of[$place]=${BASH_REMATCH[9]:-null} subject_of[$place]=${BASH_REMATCH[11]} opened=$((opened + 1))
    [ "$of ${BASH_REMATCH[10]}" = "$log $place" ] || fault "$file is of another log or place than its envelope says"
    ((place >= ${from[$by]:-size} && place < ${before[$by]:-size})) || fault "$file: its key was not in force there"
    printf '%s' "$envelope" >"$scratch/text"
    signed "$scratch/text" "$by" "$signature" || fault "$file: the signature is not by this key"
    sha256 < <(printf '\0%s' "$envelope")
    [ "$digest" = "$leaf" ] || fault "$file: the leaf is not that of the envelope"
    [ -n "$gone" ] && digest=$commitment$digests || sha256 < <(printf '{%s}' "${digests#,}")
    [ "$digest" = "$commitment" ] || fault "$file: the fields are not those that were committed to"
    [ "$kind" != acquisition ] || taken_in[${subject_of[$place]}]=1
done
((events)) || fault 'there is no event'

# 7. No event about an item is missing between those that are here: each names the one before it. Of the end there is only
#    what the archive states, and signs: that an item has no newer event than this one.
chained=0 ended=0 among=0
for place in "${!previous_of[@]}"; do
    subject=${subject_of[$place]} previous=${previous_of[$place]} last=${newest[${subject_of[$place]}]-}
    [ -z "$last" ] || ((place <= ${last% *})) || fault "event $place is newer than the newest that the list names"
    [ -n "${held[$subject]-}" ] && chained=$((chained + 1)) || continue
    [ "$previous" = null ] || ((${place_of[$previous]:-place} < place)) ||
        fault "event $place: the event before it, of the same item, was left out"
done
for item in "${!newest[@]}"; do
    place=${newest[$item]% *} among=${newest[$item]#* } ended=$((ended + 1))
    [ "${subject_of[$place]-}" = "$item" ] && ((among <= size)) ||
        fault "the list names event $place as the newest about $item, and it is not here, or about something else"
done

# 8. Each original has the digest that it is named by, and a signed event says that it was taken in.
originals=0 tied=0
for file in data/originals/*; do
    [ -n "${listed[$file]-}" ] || continue # as above
    item=${file##*/} item=${item%%.*} originals=$((originals + 1))
    [[ $item =~ ^$hash$ ]] && sha256 <"$file" || { fault "$file is no original"; continue; }
    [ "$digest" = "$item" ] || fault "$file has another SHA-256 than its name says"
    [ -n "${held[$item]-}" ] || fault "$file belongs to no item that the list names"
    [ -n "${taken_in[$item]-}" ] && tied=$((tied + 1)) || ((sealed)) || fault "$file: no event says that it was taken in"
done

# 9. Time stamps: over the list of files, and over the log, which must have grown into this one.
bounded='' unnamed='' uncertain='' lost='' stamped=0 reach=0 late=0
for file in stamped.*.tsr data/stamps/*; do
    [[ $file = stamped.* ]] || [ -n "${listed[$file]-}" ] || continue # as above
    base=${file%.*}
    if [[ $file = stamped.* ]]; then
        stamp tagmanifest-sha256.txt 'This list of files, with its signature,'
    elif [[ $file = *.note ]]; then
        checkpoint "$file" && [ "$origin" = "${head[0]}" ] && first=$size || first=''
        was=$root origin=${head[0]} size=${head[1]} root=${head[2]} grown='' proof=()
        [ -n "$first" ] || { fault "$file: the signature is not by this key"; continue; }
        [ ! -f "$base.proof" ] || while IFS= read -r line; do
            [[ $line =~ ^proof' '$hash$ ]] && proof+=("${line#* }") || grown+="$line,"
        done <"$base.proof"
        [ "$grown" = "archiver-consistency-1,from $first,to $size," ] && grew "$first" "$was" ||
            fault "$file: the log here did not grow from this"
        stamp "$file" "Event #$((first - 1)) and all before it" && ((first > reach)) && reach=$first
    else
        [[ $file =~ \.(tsr|tsq|pem|crl|ocsp|proof)$ && -f $base.note ]] || fault "$file is no part of a time stamp"
    fi
done
for place in "${place_of[@]}"; do ((place < reach)) || late=$((late + 1)); done
[[ -z $roots || -n $bounded ]] || fault 'no time stamp here leads to a root that you named'
((faults == 1)) && counted='1 thing is' || counted="$faults things are"
((!faults)) || { told "$counted WRONG. Rely on nothing here before somebody explained them."; exit 1; }

# What is proved, stated and not proved: a line each, after how many there are of it. What there is none of is not told.
for name in $stamping; do [ -f "stamped.$name.tsr" ] || lost+=" $name"; done
while IFS='|' read -r many line; do ((!many)) || told "$line"; done <<END
1|PROVED, if the key is the archive's:
1|  $files files are those that the archive signed a list of; none is missing, none was added${litter:+, but for those below}.
1|  $events events stand in the log of $origin, each at its place among the first $size.
$opened|  $opened of them are open: signed by the archive, and the $shown fields shown are those that were recorded.
$chained|  $chained of them name the event before them about the same item, and it is here, or there is none.
$originals|  $originals originals have the digest that they are named by; of $tied a signed event says they were taken in.
$((${#from[@]} - 1))|  ${#from[@]} keys have signed the log, one after the other: each gave way to the next, and both signed that.$bounded
$ended|STATED by the archive, and signed, so that it can be held against it:
$ended|  $ended items have no newer event than those here, among the log's first $among.
1|NOT PROVED:
${#doubtful}|  by whom the events$doubtful were signed: the archive says itself that somebody else may have had the key;
1|  that what was recorded is true, or that a picture shows what somebody says of it;
1|  that the times are right: they are those of the archive's clock, and a time stamp says only: not later;
1|  that nothing was recorded later than the newest event here, or left out at the end;
$late|  by when $late of the events existed: no time stamp of an authority that you named covers them;
${#uncertain}|  that no certificate was revoked then, of:$uncertain (not all lists of revoked ones are here);
${#lost}|  when the list was made, by$lost: the archive asked for that stamp, and it is not here;
$hidden|  what the $hidden withheld fields hold: their digests are here, their values are not;
$sealed|  what the $sealed sealed events state: that they stand in the log is proved, and nothing else;
$erased|  what the $erased erased events stated;
1|  what the record and the report say beyond the events: the archive signed them as its own account.
${#unnamed}|TIME STAMPS THAT NOBODY YOU NAMED STANDS FOR: the root in the bundle is not trusted by you. They hold together, and
${#unnamed}|anybody can make such. Get the root certificate from the authority, compare it, and run: --roots FILE$unnamed
$((!stamped))|NO TIME STAMP is here: all times are the archive's own.
${#litter}|NOT OF THE BUNDLE, and not looked at: what a file manager leaves in the folders that it shows.$litter
1|THE KEY has the fingerprint $key
END
[ "$wanted" != "$key" ] || { told '  It is the one that you named.'; exit 0; }
[ -z "$wanted" ] || { told '  It took over from the one that you named, which was in force earlier.'; exit 0; }
told "  NOT CHECKED: whether it is the archive's. Ask for the fingerprint on another way than this bundle came, and"
told '  compare all 64 digits, or run: bash verify.sh --key FINGERPRINT. Somebody who made all of this anew, with a key of'
told '  their own, is found by that and by nothing else.'
exit 2
