#include "server/trust_words.h"

#include <algorithm>
#include <array>

namespace piste::server {
namespace {

constexpr std::array catalogue = {
    TrustWords{
        .language = "en",
        .title = "Piste: trust this service",
        .heading = "Let this phone film for Piste",
        .why = "A browser gives a page the camera only where it trusts the page's certificate. This service "
               "has one that "
               "was made in this club: tell your phone once that you trust it.",
        .get_profile = "Get the profile",
        .allow_download = "Allow the download.",
        .install_profile = "Settings, <i>Profile Downloaded</i>: install it.",
        .switch_on = "Settings, General, About, <i>Certificate Trust Settings</i>: switch it on.",
        .get_certificate = "Get the certificate",
        .install_certificate =
            "Settings, Security, Encryption &amp; credentials, <i>Install a certificate</i>, CA certificate.",
        .choose_file = "Choose the file <i>piste-ca.crt</i>.",
        .chrome = "Chrome also films after its warning: <i>Advanced</i>, <i>Proceed</i>.",
        .then = "Then",
        .open = "Open Piste",
        .right_one = "Is it the right one?",
        .fingerprint_is =
            "Whoever is in the same net could show you another. The certificate's fingerprint (SHA-256) is",
        .fingerprint_must = "and must be what the machine of the service says:",
        .on_a_phone = "This page on a phone",
        .profile = "Lets this device trust the Piste service of this club.",
        .none_heading = "How a phone comes to film",
        .none_why = "A browser gives a page the camera only on https with a certificate that it trusts, or "
                    "on the machine "
                    "itself. Here there is nothing to trust yet: this service has no certificate of an "
                    "authority of its "
                    "own. Whoever runs it has these ways:",
        .own = "A certificate of one's own",
        .start_with = "Start the service with",
        .open_again = "Open this page again: it then says what the phone has to do.",
        .cable = "By cable (Android)",
        .on_the_machine = "on the service's machine, then",
        .on_the_phone = "on the phone.",
        .real_name = "A real name",
        .real_name_how = "A certificate of a public authority, or a proxy that has one.",
        .works_without = "Looking at phrases and uploading a film work without.",
        .back = "Back to Piste",
    },
    TrustWords{
        .language = "fr",
        .title = "Piste : faire confiance à ce service",
        .heading = "Filmer pour Piste avec ce téléphone",
        .why = "Un navigateur ne donne la caméra à une page que s'il fait confiance à son certificat. Celui "
               "de ce service a "
               "été créé dans ce club : indiquez une seule fois à votre téléphone que vous lui faites "
               "confiance.",
        .get_profile = "Obtenir le profil",
        .allow_download = "Autorisez le téléchargement.",
        .install_profile = "Réglages, <i>Profil téléchargé</i> : installez-le.",
        .switch_on = "Réglages, Général, Informations, <i>Réglages des certificats</i> : activez-le.",
        .get_certificate = "Obtenir le certificat",
        .install_certificate = "Paramètres, Sécurité, Chiffrement et identifiants, <i>Installer un "
                               "certificat</i>, Certificat CA.",
        .choose_file = "Choisissez le fichier <i>piste-ca.crt</i>.",
        .chrome = "Chrome filme aussi après son avertissement : <i>Paramètres avancés</i>, <i>Continuer</i>.",
        .then = "Ensuite",
        .open = "Ouvrir Piste",
        .right_one = "Est-ce le bon ?",
        .fingerprint_is = "Toute personne sur le même réseau pourrait vous en montrer un autre. L'empreinte "
                          "du certificat (SHA-256) est",
        .fingerprint_must = "et doit être celle que donne la machine du service :",
        .on_a_phone = "Cette page sur un téléphone",
        .profile = "Permet à cet appareil de faire confiance au service Piste de ce club.",
        .none_heading = "Comment un téléphone peut filmer",
        .none_why = "Un navigateur ne donne la caméra à une page qu'en https avec un certificat auquel il "
                    "fait confiance, ou "
                    "sur la machine même. Ici il n'y a encore rien à quoi faire confiance : ce service n'a "
                    "pas de certificat "
                    "d'une autorité à lui. Qui le fait tourner a ces possibilités :",
        .own = "Son propre certificat",
        .start_with = "Démarrez le service avec",
        .open_again = "Rouvrez cette page : elle dit alors ce qu'il faut faire sur le téléphone.",
        .cable = "Par câble (Android)",
        .on_the_machine = "sur la machine du service, puis",
        .on_the_phone = "sur le téléphone.",
        .real_name = "Un vrai nom",
        .real_name_how = "Un certificat d'une autorité publique, ou un proxy qui en a un.",
        .works_without = "Revoir des phrases et envoyer un film marche sans cela.",
        .back = "Retour à Piste",
    },
    TrustWords{
        .language = "es",
        .title = "Piste: confiar en este servicio",
        .heading = "Filmar para Piste con este teléfono",
        .why = "Un navegador solo da la cámara a una página si confía en su certificado. El de este servicio "
               "se ha creado en "
               "este club: dígale una vez a su teléfono que confía en él.",
        .get_profile = "Obtener el perfil",
        .allow_download = "Permita la descarga.",
        .install_profile = "Ajustes, <i>Perfil descargado</i>: instálelo.",
        .switch_on =
            "Ajustes, General, Información, <i>Ajustes de confianza de los certificados</i>: actívelo.",
        .get_certificate = "Obtener el certificado",
        .install_certificate =
            "Ajustes, Seguridad, Cifrado y credenciales, <i>Instalar un certificado</i>, Certificado de CA.",
        .choose_file = "Elija el archivo <i>piste-ca.crt</i>.",
        .chrome = "Chrome también filma después de su aviso: <i>Configuración avanzada</i>, <i>Acceder</i>.",
        .then = "Después",
        .open = "Abrir Piste",
        .right_one = "¿Es el correcto?",
        .fingerprint_is = "Cualquiera que esté en la misma red podría mostrarle otro. La huella del "
                          "certificado (SHA-256) es",
        .fingerprint_must = "y debe ser la que dice la máquina del servicio:",
        .on_a_phone = "Esta página en un teléfono",
        .profile = "Permite que este dispositivo confíe en el servicio Piste de este club.",
        .none_heading = "Cómo puede filmar un teléfono",
        .none_why = "Un navegador solo da la cámara a una página por https con un certificado en el que "
                    "confía, o en la propia "
                    "máquina. Aquí aún no hay nada en que confiar: este servicio no tiene un certificado de "
                    "una autoridad "
                    "propia. Quien lo gestiona tiene estas posibilidades:",
        .own = "Un certificado propio",
        .start_with = "Inicie el servicio con",
        .open_again = "Vuelva a abrir esta página: dirá entonces qué hay que hacer en el teléfono.",
        .cable = "Por cable (Android)",
        .on_the_machine = "en la máquina del servicio, después",
        .on_the_phone = "en el teléfono.",
        .real_name = "Un nombre de verdad",
        .real_name_how = "Un certificado de una autoridad pública, o un proxy que tenga uno.",
        .works_without = "Ver frases y subir una película funciona sin ello.",
        .back = "Volver a Piste",
    },
    TrustWords{
        .language = "it",
        .title = "Piste: fidarsi di questo servizio",
        .heading = "Filmare per Piste con questo telefono",
        .why = "Un browser dà la fotocamera a una pagina solo se si fida del suo certificato. Quello di "
               "questo servizio è stato "
               "creato in questo club: dica una volta al telefono che se ne fida.",
        .get_profile = "Scarica il profilo",
        .allow_download = "Consenta il download.",
        .install_profile = "Impostazioni, <i>Profilo scaricato</i>: lo installi.",
        .switch_on =
            "Impostazioni, Generali, Info, <i>Impostazioni attendibilità certificati</i>: lo attivi.",
        .get_certificate = "Scarica il certificato",
        .install_certificate = "Impostazioni, Sicurezza, Crittografia e credenziali, <i>Installa un "
                               "certificato</i>, Certificato CA.",
        .choose_file = "Scelga il file <i>piste-ca.crt</i>.",
        .chrome = "Chrome filma anche dopo il suo avviso: <i>Avanzate</i>, <i>Procedi</i>.",
        .then = "Poi",
        .open = "Apri Piste",
        .right_one = "È quello giusto?",
        .fingerprint_is =
            "Chi è nella stessa rete potrebbe mostrarne un altro. L'impronta del certificato (SHA-256) è",
        .fingerprint_must = "e deve essere quella che dice la macchina del servizio:",
        .on_a_phone = "Questa pagina su un telefono",
        .profile = "Permette a questo dispositivo di fidarsi del servizio Piste di questo club.",
        .none_heading = "Come può filmare un telefono",
        .none_why = "Un browser dà la fotocamera a una pagina solo su https con un certificato di cui si "
                    "fida, o sulla macchina "
                    "stessa. Qui non c'è ancora nulla di cui fidarsi: questo servizio non ha un certificato "
                    "di una propria "
                    "autorità. Chi lo gestisce ha queste possibilità:",
        .own = "Un certificato proprio",
        .start_with = "Avvii il servizio con",
        .open_again = "Riapra questa pagina: dirà allora che cosa fare sul telefono.",
        .cable = "Via cavo (Android)",
        .on_the_machine = "sulla macchina del servizio, poi",
        .on_the_phone = "sul telefono.",
        .real_name = "Un vero nome",
        .real_name_how = "Un certificato di un'autorità pubblica, o un proxy che ne ha uno.",
        .works_without = "Rivedere le frasi e caricare un filmato funziona senza.",
        .back = "Torna a Piste",
    },
    TrustWords{
        .language = "de",
        .title = "Piste: diesem Dienst vertrauen",
        .heading = "Mit diesem Telefon für Piste filmen",
        .why = "Ein Browser gibt einer Seite die Kamera nur, wenn er ihrem Zertifikat vertraut. Das dieses "
               "Dienstes wurde in "
               "diesem Verein gemacht: Sagen Sie Ihrem Telefon einmal, dass Sie ihm vertrauen.",
        .get_profile = "Profil laden",
        .allow_download = "Den Download erlauben.",
        .install_profile = "Einstellungen, <i>Profil geladen</i>: installieren.",
        .switch_on =
            "Einstellungen, Allgemein, Info, <i>Zertifikatsvertrauenseinstellungen</i>: einschalten.",
        .get_certificate = "Zertifikat laden",
        .install_certificate = "Einstellungen, Sicherheit, Verschlüsselung und Anmeldedaten, <i>Zertifikat "
                               "installieren</i>, CA-Zertifikat.",
        .choose_file = "Die Datei <i>piste-ca.crt</i> wählen.",
        .chrome = "Chrome filmt auch nach seiner Warnung: <i>Erweitert</i>, <i>Weiter</i>.",
        .then = "Dann",
        .open = "Piste öffnen",
        .right_one = "Ist es das richtige?",
        .fingerprint_is = "Wer im selben Netz ist, könnte Ihnen ein anderes zeigen. Der Fingerabdruck des "
                          "Zertifikats (SHA-256) ist",
        .fingerprint_must = "und muss der sein, den die Maschine des Dienstes nennt:",
        .on_a_phone = "Diese Seite auf einem Telefon",
        .profile = "Lässt dieses Gerät dem Piste-Dienst dieses Vereins vertrauen.",
        .none_heading = "Wie ein Telefon filmen kann",
        .none_why = "Ein Browser gibt einer Seite die Kamera nur über https mit einem Zertifikat, dem er "
                    "vertraut, oder auf der "
                    "Maschine selbst. Hier ist noch nichts, dem man vertrauen könnte: Dieser Dienst hat kein "
                    "Zertifikat einer "
                    "eigenen Stelle. Wer ihn betreibt, hat diese Wege:",
        .own = "Ein eigenes Zertifikat",
        .start_with = "Den Dienst starten mit",
        .open_again = "Diese Seite noch einmal öffnen: Sie sagt dann, was am Telefon zu tun ist.",
        .cable = "Per Kabel (Android)",
        .on_the_machine = "auf der Maschine des Dienstes, dann",
        .on_the_phone = "auf dem Telefon.",
        .real_name = "Ein richtiger Name",
        .real_name_how = "Ein Zertifikat einer öffentlichen Stelle, oder ein Proxy, der eines hat.",
        .works_without = "Phrasen ansehen und einen Film hochladen geht auch ohne.",
        .back = "Zurück zu Piste",
    },
};

}  // namespace

const TrustWords& trust_words(std::string_view language) {
  const auto found = std::ranges::find(catalogue, language, &TrustWords::language);
  return found == catalogue.end() ? catalogue.front() : *found;
}

std::vector<std::string_view> trust_languages() {
  std::vector<std::string_view> out;
  for (const TrustWords& words : catalogue) out.push_back(words.language);
  return out;
}

}  // namespace piste::server
